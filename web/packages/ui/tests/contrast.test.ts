import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

import { contrastRatio } from './contrast.ts'
import { THEMES, type Theme } from '../src/index.ts'

const css = readFileSync(new URL('../src/tokens.css', import.meta.url), 'utf8')

function tokensOf(theme: Theme): Record<string, string> {
  const block = css.split(`[data-theme='${theme}'] {`)[1]?.split('}')[0] ?? ''
  return Object.fromEntries([...block.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g)].map((hit) => [hit[1], hit[2]]))
}

const TEXT_ON: [string, string][] = [
  ['ink', 'paper'], ['ink', 'ground'], ['ink-soft', 'paper'], ['ink-soft', 'ground'], ['ink-faint', 'paper'], ['on-brand', 'brand'],
  ['brand', 'paper'], ['brand', 'brand-soft'], ['good', 'good-soft'], ['good', 'paper'], ['notice', 'notice-soft'], ['grave', 'grave-soft'],
  ['grave', 'paper'], ['flag', 'flag-soft'], ['flag', 'paper'], ['paper', 'grave'],
]

describe.each(THEMES)('theme %s', (theme) => {
  const tokens = tokensOf(theme)

  it.each(TEXT_ON)('text %s on %s reads at AA', (text, ground) => {
    expect(contrastRatio(tokens[text] ?? '', tokens[ground] ?? '')).toBeGreaterThanOrEqual(4.5)
  })

  it.each([['line-strong', 'paper'], ['focus', 'paper'], ['focus', 'ground']])('outline %s on %s is seen', (line, ground) => {
    expect(contrastRatio(tokens[line] ?? '', tokens[ground] ?? '')).toBeGreaterThanOrEqual(3)
  })
})
