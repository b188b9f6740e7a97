// SHA-256 and SM3 over a file of any size, piece by piece, off the network. Works on plain http as well.
import { createSHA256, createSM3 } from 'hash-wasm';

const PIECE = 8 * 1024 * 1024;

export interface Values {
  sha256: string;
  sm3: string;
}

/** Both values in hex; `told` hears how much of the file is read, from 0 to 1. */
export async function valuesOf(file: Blob, told: (part: number) => void = () => {}): Promise<Values> {
  const [sha256, sm3] = await Promise.all([createSHA256(), createSM3()]);
  for (let at = 0; at < file.size; at += PIECE) {
    const piece = new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer());
    sha256.update(piece);
    sm3.update(piece);
    told(Math.min(1, (at + piece.length) / file.size));
  }
  return { sha256: sha256.digest('hex'), sm3: sm3.digest('hex') };
}
