// What a label says: the address HTTPS://HOST/T/CODE (an item) or HTTPS://HOST/S/CODE (a sample), or the code of an
// item alone, with Damm's check character (the same as kernel/codes.py).

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 8;
const ADDRESS = /^https?:\/\/[^/\s]+\/([ts])\/([^/?#\s]+)\/?(?:[?#].*)?$/i;

export type Reading = { kind: 'code' | 'slip'; code: string; label: 't' | 'S' } | { kind: 'foreign'; text: string };

function fold(code: string): number {
  let value = 0;
  for (const character of code) {
    value = (value ^ ALPHABET.indexOf(character)) << 1;
    if (value & 32) value ^= 37;
  }
  return value;
}

/** Reads what was scanned or typed; forgives O for 0, I and L for 1, dashes and blanks. */
export function read(text: string): Reading {
  const trimmed = text.trim();
  const address = ADDRESS.exec(trimmed);
  const bare = (address?.[2] ?? trimmed).toUpperCase().replace(/[\s-]/g, '');
  const code = bare.replace(/O/g, '0').replace(/[IL]/g, '1');
  if (code.length !== LENGTH || [...code].some((character) => !ALPHABET.includes(character)))
    return { kind: 'foreign', text: trimmed.slice(0, 60) };
  const label = address?.[1]?.toLowerCase() === 's' ? 'S' : 't';
  return { kind: fold(code) === 0 ? 'code' : 'slip', code, label };
}

export const grouped = (code: string): string => `${code.slice(0, 4)}-${code.slice(4)}`;
