/** The pages under docs name files and functions: all of them exist, and all links lead somewhere. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const pages = readdirSync('docs', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.md'))
  .map((name) => join('docs', name));

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(join('src', name), 'utf8'))
  .join('\n');

describe.each(pages)('%s', (path) => {
  const page = readFileSync(path, 'utf8');
  const prose = page.replace(/^```[\s\S]*?^```/gm, '');
  const spans = [...prose.matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span);

  it('names files that exist', () => {
    const files = spans.filter((span) => /^(src|test|docs|desired)\/\S*$/.test(span));
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
  });

  it('names functions and types that exist', () => {
    const names = spans.filter((span) => /^([a-z]+[A-Z]\w*|[A-Z][a-z]+\w*)$/.test(span));
    expect(names.filter((name) => !isDeclared(name, sources))).toEqual([]);
  });

  it('names them where they are', () => {
    const pairs = [...prose.matchAll(/`(\w+)`\s\(`(src\/[^`]+\.ts)`\)/g)];
    const wrong = pairs.filter(([, name = '', file = '']) => {
      return !existsSync(file) || !isDeclared(name, readFileSync(file, 'utf8'));
    });
    expect(wrong.map(([pair]) => pair)).toEqual([]);
  });

  it('links to what exists', () => {
    const links = [...page.matchAll(/\]\(([^)\s#]+)[^)]*\)/g)].map(([, target = '']) => target);
    const files = links.filter((link) => !link.startsWith('http'));
    expect(files.filter((file) => !existsSync(join(dirname(path), file)))).toEqual([]);
  });

  it('is short enough to be read', () => {
    expect(page.split('\n').length).toBeLessThan(path.startsWith(join('docs', 'decisions')) ? 60 : 150);
  });
});

describe('docs', () => {
  it('holds the architecture, the track record, the figures, those of the scheduler, pull requests, and numbered decisions', () => {
    const decisions = pages.filter((path) => path.startsWith(join('docs', 'decisions')));
    expect(pages.length).toBe(decisions.length + 5);
    expect(decisions.length).toBeGreaterThan(0);
    expect(decisions.filter((path) => !/\d{4}-[a-z-]+\.md$/.test(path))).toEqual([]);
  });
});

/** As a function, a type, a member, or the tag of a union. */
const isDeclared = (name: string, text: string): boolean =>
  new RegExp(
    String.raw`\b(const|let|type|interface|readonly|function\*?) ${name}\b|\b${name}: |_tag: '${name}'`,
  ).test(text);
