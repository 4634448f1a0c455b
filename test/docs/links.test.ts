import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pages, read, root, userPages } from './pages.js';

interface Link {
  /** As the page has it. */
  link: string;
  /** Relative to the root of the repository. */
  path: string;
  anchor: string | undefined;
}

/** The links of a page into the repository. */
function linksOf(page: string): Link[] {
  const text = withoutCode(read(page));
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^[a-z]+:/.test(link))
    .map((link) => {
      const [file = '', anchor] = link.split('#');
      return { link, path: file === '' ? page : normalize(join(dirname(page), file)), anchor };
    });
}

/** The anchors that GitHub and npm give to headings. */
function anchorsOf(page: string): string[] {
  const headings = [...withoutCode(read(page)).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/ /g, '-'),
  );
}

const withoutCode = (text: string) => text.replace(/^```.*?^```$/gms, '');

describe.each(pages)('%s', (page) => {
  test('links only to files and headings that exist', () => {
    const dead = linksOf(page).filter(({ path, anchor }) => {
      if (!existsSync(join(root, path))) return true;
      return anchor !== undefined && !(path.endsWith('.md') && anchorsOf(path).includes(anchor));
    });
    expect(dead.map(({ link }) => link)).toEqual([]);
  });

  test('has a title, and another anchor for every heading', () => {
    const anchors = anchorsOf(page);
    if (!page.startsWith('.github/')) expect(read(page)).toMatch(/^# /);
    expect(anchors).toEqual([...new Set(anchors)]);
  });
});

test('the README links to every page of docs/', () => {
  const linked = linksOf('README.md').map(({ path }) => path);
  expect(linked).toEqual(expect.arrayContaining(userPages.filter((page) => page.startsWith('docs/'))));
});

test('the README is under 400 lines', () => {
  expect(read('README.md').split('\n').length).toBeLessThan(400);
});

// In node_modules, a page's links lead somewhere only if the tarball has their files.
test('pages of the tarball link only to files of the tarball', () => {
  const pack = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const [{ files }] = JSON.parse(execFileSync('npm', pack, { cwd: root, encoding: 'utf8' })) as [
    { files: { path: string }[] },
  ];
  const packed = files.map(({ path }) => path);
  expect(packed).toEqual(expect.arrayContaining(userPages));
  for (const page of userPages) {
    const outside = linksOf(page).filter(({ path }) => !packed.includes(path));
    expect(
      outside.map(({ link }) => link),
      page,
    ).toEqual([]);
  }
});
