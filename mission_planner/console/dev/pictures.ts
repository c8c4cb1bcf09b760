/** Development only: pictures that look like a robot's photo of a tower at some hour, drawn as SVG from their name. */

function random(seed: string): () => number {
  let state = [...seed].reduce((h, c) => Math.imul(h ^ c.charCodeAt(0), 16777619) >>> 0, 2166136261);
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** `digest` chooses the scene: "smoke…" has smoke in it. */
export function picture(digest: string): string {
  const next = random(digest);
  const night = next() < 0.25;
  const sky = night ? ['#141c2b', '#2a3344'] : ['#a9c8dd', '#e7eef0'];
  const wall = night ? '#2f3640' : ['#c9bda9', '#bfc4c2', '#cbb59f', '#b9c0c8'][Math.floor(next() * 4)];
  const glass = night ? '#1a2028' : '#71808a';
  const left = 60 + next() * 120;
  const width = 300 + next() * 120;
  const horizon = 318;
  const windows: string[] = [];
  for (let y = 26; y < horizon - 40; y += 42) {
    for (let x = left + 22; x < left + width - 40; x += 52) {
      const lit = night && next() < 0.3;
      windows.push(`<rect x="${x}" y="${y}" width="30" height="25" fill="${lit ? '#f0d48a' : glass}"/>`);
    }
  }
  const trees = Array.from({ length: 5 }, () => {
    const x = next() * 640;
    const r = 26 + next() * 26;
    return `<rect x="${x - 3}" y="${horizon - 20}" width="6" height="34" fill="#5a4a3a"/><circle cx="${x}" cy="${horizon - 30}" r="${r}" fill="${night ? '#1d2a22' : '#5f7f55'}"/>`;
  });
  const smoke = digest.startsWith('smoke')
    ? Array.from(
        { length: 14 },
        (_, i) =>
          `<circle cx="${left + 120 + i * 9 + next() * 30}" cy="${150 - i * 9}" r="${16 + i * 3}" fill="#4a4a4a" opacity="0.16"/>`,
      ).join('')
    : '';
  const lying = digest.startsWith('fall')
    ? '<g transform="translate(330 396) rotate(-4)"><ellipse cx="0" cy="14" rx="86" ry="10" fill="#000" opacity="0.25"/><rect x="-62" y="-10" width="74" height="26" rx="11" fill="#8a3f3c"/><rect x="8" y="-6" width="70" height="19" rx="9" fill="#33415a"/><circle cx="-76" cy="0" r="14" fill="#d9a98a"/></g>'
    : '';
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 480" width="640" height="480">
<defs><linearGradient id="s" x2="0" y2="1"><stop stop-color="${sky[0]}"/><stop offset="1" stop-color="${sky[1]}"/></linearGradient></defs>
<rect width="640" height="${horizon}" fill="url(#s)"/>
<rect x="${left}" y="-10" width="${width}" height="${horizon + 10}" fill="${wall}"/>${windows.join('')}${smoke}
<rect y="${horizon}" width="640" height="${480 - horizon}" fill="${night ? '#22282b' : '#9aa19c'}"/>
<path d="M0 ${horizon}h640v26H0z" fill="${night ? '#1c2a20' : '#8aa57c'}"/>${trees.join('')}
<path d="M250 480 305 346h40l75 134z" fill="${night ? '#30373b' : '#bcc0bd'}"/>${lying}</svg>`;
}
