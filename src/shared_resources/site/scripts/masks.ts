// Rectangles over the picture that a masked copy covers for a time: drawn with mouse, pen or finger, or added in the
// middle, moved with the arrow keys and made larger or smaller with Shift and them. Kept as fractions of the picture in a
// hidden field of the form.
interface Area {
  x: number;
  y: number;
  w: number;
  h: number;
}

export interface Mask extends Area {
  from_ms: number;
  to_ms: number;
}

const SVG = 'http://www.w3.org/2000/svg';
const SMALLEST = 0.01;
const NUDGE = 0.01;
const within = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));

export function editMasks(stage: SVGSVGElement, form: HTMLFormElement, now: () => number, end: () => number): void {
  const editor = form.querySelector<HTMLElement>('[data-mask-editor]')!;
  const list = form.querySelector<HTMLElement>('[data-mask-list]')!;
  const row = form.querySelector<HTMLTemplateElement>('[data-mask-row]')!;
  const kept = form.querySelector<HTMLInputElement>('[data-masks-value]')!;
  const kind = form.querySelector<HTMLSelectElement>('[name=kind]')!;
  let masks: Mask[] = kept.value ? (JSON.parse(kept.value) as Mask[]) : [];
  let begun: { x: number; y: number } | null = null;
  let band: SVGRectElement | null = null;

  const at = (event: PointerEvent): { x: number; y: number } => {
    const box = stage.getBoundingClientRect();
    return {
      x: within((event.clientX - box.left) / box.width, 0, 1),
      y: within((event.clientY - box.top) / box.height, 0, 1),
    };
  };

  function outline({ x, y, w, h }: Area): SVGRectElement {
    const shape = document.createElementNS(SVG, 'rect');
    for (const [name, value] of [['x', x], ['y', y], ['width', w], ['height', h]] as const)
      shape.setAttribute(name, `${value * 100}%`);
    return shape;
  }

  function rectangle(mask: Mask, number: number): SVGRectElement {
    const shape = outline(mask);
    shape.setAttribute('tabindex', '0');
    shape.setAttribute('aria-label', `${number + 1}`);
    shape.addEventListener('keydown', (event) => {
      const [dx, dy] = { ArrowLeft: [-NUDGE, 0], ArrowRight: [NUDGE, 0], ArrowUp: [0, -NUDGE], ArrowDown: [0, NUDGE] }[event.key] ?? [0, 0];
      if (!dx && !dy) return;
      event.preventDefault();
      event.stopPropagation();
      if (event.shiftKey)
        Object.assign(mask, { w: within(mask.w + dx!, SMALLEST, 1 - mask.x), h: within(mask.h + dy!, SMALLEST, 1 - mask.y) });
      else Object.assign(mask, { x: within(mask.x + dx!, 0, 1 - mask.w), y: within(mask.y + dy!, 0, 1 - mask.h) });
      draw();
      (stage.children[number] as SVGElement).focus();
    });
    return shape;
  }

  function line(mask: Mask, number: number): Node {
    const made = row.content.cloneNode(true) as DocumentFragment;
    made.querySelector<HTMLElement>('[data-name]')!.textContent = `${number + 1}`;
    for (const name of ['from', 'to'] as const) {
      const input = made.querySelector<HTMLInputElement>(`[data-${name}]`)!;
      input.value = (mask[`${name}_ms`] / 1000).toFixed(1);
      input.addEventListener('change', () => {
        mask[`${name}_ms`] = Math.round(Number.parseFloat(input.value) * 1000) || 0;
        keep();
      });
    }
    made.querySelector('[data-remove]')!.addEventListener('click', () => {
      masks = masks.filter((one) => one !== mask);
      draw();
    });
    return made;
  }

  const keep = (): void => void (kept.value = JSON.stringify(masks));

  function draw(): void {
    stage.replaceChildren(...masks.map(rectangle));
    list.replaceChildren(...masks.map(line));
    keep();
  }

  function add(x: number, y: number, w: number, h: number): void {
    const from = Math.round(now() * 1000);
    const to = Math.round(end() * 1000);
    masks.push({ x, y, w, h, from_ms: from, to_ms: Math.max(to, from + 1000) });
    draw();
  }

  const spanned = (from: { x: number; y: number }, to: { x: number; y: number }): Area => ({
    x: Math.min(from.x, to.x),
    y: Math.min(from.y, to.y),
    w: Math.abs(from.x - to.x),
    h: Math.abs(from.y - to.y),
  });

  function letGo(): void {
    begun = null;
    band?.remove();
    band = null;
  }

  stage.addEventListener('pointerdown', (event) => {
    if (event.target !== stage) return;
    begun = at(event);
    stage.setPointerCapture(event.pointerId);
  });
  stage.addEventListener('pointermove', (event) => {
    if (!begun) return;
    const drawn = outline(spanned(begun, at(event)));
    if (band) band.replaceWith(drawn);
    else stage.append(drawn);
    band = drawn;
  });
  stage.addEventListener('pointerup', (event) => {
    if (!begun) return;
    const { x, y, w, h } = spanned(begun, at(event));
    letGo();
    if (w >= SMALLEST && h >= SMALLEST) add(x, y, w, h);
  });
  stage.addEventListener('pointercancel', letGo);
  form.querySelector('[data-add]')?.addEventListener('click', () => add(0.4, 0.4, 0.2, 0.2));

  const follow = (): void => {
    editor.hidden = kind.value !== 'masked';
    stage.toggleAttribute('hidden', kind.value !== 'masked');
  };
  kind.addEventListener('change', follow);
  follow();
  draw();
}
