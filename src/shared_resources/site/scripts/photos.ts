// Makes photos small before they are sent: 1600 px JPEG is about 300 kB, and re-encoding drops the place where
// it was taken. Without this script the file goes as it is and the server does the same.

const QUALITY = 0.82;

async function shrink(file: File, longest: number): Promise<File> {
  if (!file.type.startsWith('image/') || file.type === 'image/svg+xml') return file;
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
  const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext('2d')!.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', QUALITY));
  if (!blob || (scale === 1 && blob.size >= file.size && file.type === 'image/jpeg')) return file;
  return new File([blob], file.name.replace(/\.\w+$/, '') + '.jpg', { type: 'image/jpeg', lastModified: file.lastModified });
}

function show(input: HTMLInputElement): void {
  const list = document.querySelector<HTMLElement>(`[data-photo-list="${CSS.escape(input.id)}"]`);
  if (!list) return;
  for (const old of list.querySelectorAll('img')) URL.revokeObjectURL(old.src);
  list.replaceChildren(
    ...[...(input.files ?? [])].map((file) => {
      const entry = document.createElement('li');
      const image = new Image();
      image.src = URL.createObjectURL(file);
      image.alt = file.name;
      entry.append(image, `${Math.ceil(file.size / 1000)} KB`);
      return entry;
    }),
  );
}

async function changed(input: HTMLInputElement): Promise<void> {
  const files = [...(input.files ?? [])];
  const button = input.form?.querySelector<HTMLButtonElement>('button[type="submit"]');
  button?.setAttribute('aria-busy', 'true');
  const small = new DataTransfer();
  for (const file of files) {
    // A file that the browser cannot draw goes as it is: the server says what is wrong with it.
    small.items.add(await shrink(file, Number(input.dataset.shrink) || 1600).catch(() => file));
  }
  input.files = small.files;
  button?.removeAttribute('aria-busy');
  show(input);
}

document.addEventListener('change', (event) => {
  const input = event.target;
  if (input instanceof HTMLInputElement && input.type === 'file' && 'shrink' in input.dataset) void changed(input);
});
