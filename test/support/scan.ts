/** The ways in which a text can stand in a file, a reply or a line of the log without being seen at first sight. */
export function writings(text: string): Buffer[] {
  const utf8 = Buffer.from(text);
  const utf16 = Buffer.from(text, 'utf16le');
  const escaped = [...text].map((sign) => (sign > '~' ? [...Array(sign.length)].map((_, i) => hex4(sign, i)).join('') : sign)).join('');
  const percent = encodeURIComponent(text);
  const written = [escaped, escaped.toUpperCase().replaceAll('\\U', '\\u'), percent, percent.toLowerCase(), utf8.toString('hex')];
  const all = [utf8, utf16, Buffer.from(utf16).swap16(), ...written.map((way) => Buffer.from(way)), ...inBase64(utf8)];
  return [...new Map(all.map((bytes) => [bytes.toString('latin1'), bytes])).values()];
}
const hex4 = (sign: string, at: number) => `\\u${sign.charCodeAt(at).toString(16).padStart(4, '0')}`;

/** In base64 and base64url a text is written in one of three ways, by where in the whole it begins; its first and last signs depend on its neighbours. */
function inBase64(utf8: Buffer): Buffer[] {
  return [0, 1, 2].flatMap((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), utf8]);
    const [from, to] = [Math.ceil((before * 8) / 6), Math.floor((whole.length * 8) / 6)];
    return (['base64', 'base64url'] as const).map((way) => Buffer.from(whole.toString(way).slice(from, to)));
  });
}

/** Looks for many texts at once, in one pass: by their first four bytes, then whole. Answers the names of those it found. */
export function finder(needles: readonly { readonly name: string; readonly bytes: Buffer }[]): (hay: Buffer) => string[] {
  const byStart = new Map<number, { readonly name: string; readonly bytes: Buffer }[]>();
  const maybe = new Uint8Array(1 << 16);
  for (const needle of needles) {
    const start = needle.bytes.readUInt32LE(0);
    byStart.set(start, [...(byStart.get(start) ?? []), needle]);
    maybe[needle.bytes.readUInt16LE(0)] = 1;
  }
  return (hay) => {
    const found = new Set<string>();
    for (let i = 0; i + 4 <= hay.length; i++) {
      if (!maybe[(hay[i] as number) | ((hay[i + 1] as number) << 8)]) continue;
      for (const { name, bytes } of byStart.get(hay.readUInt32LE(i)) ?? []) {
        if (hay.compare(bytes, 0, bytes.length, i, Math.min(i + bytes.length, hay.length)) === 0) found.add(name);
      }
    }
    return [...found].sort();
  };
}
