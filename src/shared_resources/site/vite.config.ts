// Builds scripts/ and styles/ into dist/, which the application serves below /static/.
// dist/.vite/manifest.json maps "scripts/main.ts" to its hashed name; Jinja's asset() reads it.
import { promises as fs } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

const TEXT = /\.(?:js|css|svg|json|wasm|webmanifest)$/;
const WORTHWHILE = 512; // bytes; below this the header costs more than compression saves
const brotli = promisify(brotliCompress);
const deflate = promisify(gzip);

async function* filesBelow(folder: string): AsyncGenerator<string> {
  for (const entry of await fs.readdir(folder, { withFileTypes: true })) {
    const name = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(name);
    else yield name;
  }
}

/** Writes .br and .gz beside every text asset, so that the server only ever copies bytes. */
function precompress(): Plugin {
  let folder = 'dist';
  return {
    name: 'precompress',
    apply: 'build',
    configResolved(config) {
      folder = path.resolve(config.root, config.build.outDir);
    },
    async closeBundle() {
      for await (const name of filesBelow(folder)) {
        if (!TEXT.test(name) || name.includes(`${path.sep}.vite${path.sep}`)) continue;
        const bytes = await fs.readFile(name);
        if (bytes.length < WORTHWHILE) continue;
        const params = { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
        await fs.writeFile(`${name}.br`, await brotli(bytes, { params }));
        await fs.writeFile(`${name}.gz`, await deflate(bytes, { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  root: import.meta.dirname,
  base: '/static/',
  plugins: [precompress()],
  resolve: { alias: [{ find: /^leaflet$/, replacement: 'leaflet/dist/leaflet-src.esm.js' }] }, // only what is used
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    manifest: true,
    sourcemap: false,
    assetsInlineLimit: 0, // data: addresses would need a wider content security policy
    modulePreload: { polyfill: false },
    target: ['chrome109', 'firefox115', 'safari16.4'], // the last Chrome of Windows 7 offices
    reportCompressedSize: false,
    rollupOptions: {
      input: [
        ...['main', 'map', 'player', 'receive', 'scan', 'timeline', 'upload'].map((name) => `scripts/${name}.ts`),
        ...['calendar', 'main', 'map', 'video'].map((name) => `styles/${name}.css`),
      ],
    },
  },
});
