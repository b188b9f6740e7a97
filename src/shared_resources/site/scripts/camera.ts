// Camera and photos to texts. One engine on every device: BarcodeDetector is missing on many phones, and its
// .wasm comes from our own assets, never from a public server.
import { prepareZXingModule, readBarcodes, type ReaderOptions } from 'zxing-wasm/reader';
import wasm from 'zxing-wasm/reader/zxing_reader.wasm?url';

prepareZXingModule({ overrides: { locateFile: (path: string, prefix: string) => (path.endsWith('.wasm') ? wasm : prefix + path) } });

const OPTIONS: ReaderOptions = { formats: ['QRCode'], maxNumberOfSymbols: 8, tryHarder: true };
const PAUSE = 80; // ms between frames: phones stay cool
const AGAIN = 3000; // ms until the same label counts again

export type Trouble = 'insecure' | 'missing' | 'denied' | 'busy';

/** What stands between us and the camera. */
export function troubleOf(error: unknown): Trouble {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied';
  return name === 'NotReadableError' || name === 'AbortError' ? 'busy' : 'missing';
}

/** All texts in a photo. */
export async function readPhoto(file: Blob): Promise<string[]> {
  return (await readBarcodes(file, OPTIONS)).map((found) => found.text).filter(Boolean);
}

interface Light extends MediaTrackCapabilities {
  torch?: boolean;
}

export class Camera {
  private stream: MediaStream | null = null;
  private lock: WakeLockSentinel | null = null;
  private seen = new Map<string, number>();

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly found: (text: string) => void,
  ) {}

  get running(): boolean {
    return this.stream !== null;
  }

  /** Starts; throws what getUserMedia throws. */
  async start(): Promise<void> {
    if (this.stream) return;
    this.stream = await navigator.mediaDevices.getUserMedia({
      video: { facingMode: { ideal: 'environment' }, width: { ideal: 1280 }, height: { ideal: 720 } },
      audio: false,
    });
    this.video.srcObject = this.stream;
    await this.video.play();
    this.lock = await navigator.wakeLock?.request('screen').catch(() => null) ?? null;
    void this.look(this.stream);
  }

  stop(): void {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
    this.video.srcObject = null;
    void this.lock?.release();
    this.lock = null;
  }

  /** Whether there is a light, and how to switch it. */
  get hasTorch(): boolean {
    const track = this.stream?.getVideoTracks()[0];
    return Boolean((track?.getCapabilities?.() as Light | undefined)?.torch);
  }

  async torch(on: boolean): Promise<void> {
    const wish = { advanced: [{ torch: on }] } as unknown as MediaTrackConstraints;
    await this.stream?.getVideoTracks()[0]?.applyConstraints(wish);
  }

  private async look(stream: MediaStream): Promise<void> {
    const canvas = document.createElement('canvas');
    const context = canvas.getContext('2d', { willReadFrequently: true })!;
    while (this.stream === stream) {
      if (this.video.videoWidth) {
        canvas.width = this.video.videoWidth;
        canvas.height = this.video.videoHeight;
        context.drawImage(this.video, 0, 0);
        const frame = context.getImageData(0, 0, canvas.width, canvas.height);
        for (const code of await readBarcodes(frame, OPTIONS)) this.report(code.text);
      }
      await new Promise((done) => setTimeout(done, PAUSE));
      await nextFrame(this.video);
    }
  }

  private report(text: string): void {
    const now = performance.now();
    if (!text || now - (this.seen.get(text) ?? -AGAIN) < AGAIN) return;
    this.seen.set(text, now);
    this.found(text);
  }
}

/** Waits for a new picture, or a while when none comes (hidden tab, stopped camera). */
function nextFrame(video: HTMLVideoElement): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, 500);
    video.requestVideoFrameCallback?.(() => {
      clearTimeout(timer);
      done();
    });
  });
}
