import { type Line, PARALLELISMS } from './parts/parallelism.js';

const WIDTH = 760;
const HEIGHT = 420;
const LEFT = 56;
const RIGHT = 560;
const TOP = 44;
const BOTTOM = 360;
const COLORS = ['#555555', '#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00'];

/** CPU per login against parallelism, as SVG. Every line has its name at its end, so that no colour has to be told from another. */
export function plot(lines: Line[]): string {
  const highest = Math.max(...lines.flatMap(({ costs }) => costs));
  const step = niceStep(highest / 5);
  const top = Math.ceil(highest / step) * step;
  const x = (index: number) => LEFT + 24 + (index * (RIGHT - LEFT - 48)) / (PARALLELISMS.length - 1);
  const y = (cost: number) => BOTTOM - (cost / top) * (BOTTOM - TOP);
  const levels = Array.from({ length: Math.round(top / step) + 1 }, (_, level) => level * step);
  const labels = labelHeights(lines.map(({ costs }) => y(costs.at(-1) ?? 0)));

  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="13" role="img">
<title>CPU per login, by logins in parallel</title>
<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>
<text x="${LEFT}" y="24" fill="#222222">µs of CPU per login</text>
${levels.map((level) => gridLine(y(level), String(level))).join('\n')}
${PARALLELISMS.map((parallel, index) => text(x(index), BOTTOM + 22, String(parallel), 'middle')).join('\n')}
${text((LEFT + RIGHT) / 2, BOTTOM + 46, 'logins in parallel', 'middle')}
${lines
  .map(({ name, costs }, index) =>
    line(
      name,
      COLORS[index % COLORS.length] ?? '',
      costs.map((cost, at) => [x(at), y(cost)]),
      labels[index] ?? 0,
    ),
  )
  .join('\n')}
</svg>
`;
}

function line(name: string, color: string, points: [x: number, y: number][], labelY: number): string {
  const circles = points.map(([cx, cy]) => `<circle cx="${round(cx)}" cy="${round(cy)}" r="3" fill="${color}"/>`);
  const path = points.map(([px, py]) => `${round(px)},${round(py)}`).join(' ');
  return [
    `<polyline points="${path}" fill="none" stroke="${color}" stroke-width="2"/>`,
    ...circles,
    `<text x="${RIGHT - 12}" y="${round(labelY)}" fill="${color}">${name}</text>`,
  ].join('\n');
}

function gridLine(height: number, label: string): string {
  return `<path d="M${LEFT} ${round(height)}H${RIGHT}" stroke="#dddddd"/>\n${text(LEFT - 8, height + 4, label, 'end')}`;
}

function text(x: number, y: number, content: string, anchor: string): string {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" fill="#222222">${content}</text>`;
}

/** Beside the ends of the lines, and so far apart that they can be read. */
function labelHeights(ends: number[]): number[] {
  const heights = [...ends];
  const fromTop = [...ends.keys()].sort((one, other) => (ends[one] ?? 0) - (ends[other] ?? 0));
  let last = -Infinity;
  for (const index of fromTop) {
    last = Math.max(last + 16, (ends[index] ?? 0) + 4);
    heights[index] = last;
  }
  return heights;
}

/** 1, 2 or 5 times a power of ten. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 5].find((factor) => factor * power >= least) ?? 10) * power;
}

const round = (value: number) => Math.round(value * 10) / 10;
