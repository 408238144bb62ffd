// The manuals of docs/ as plain pages: they open without a program, before anybody has logged in, and print well.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import MarkdownIt from 'markdown-it'

const here = dirname(fileURLToPath(import.meta.url))
const docs = join(here, '../../../docs')
const dist = join(here, 'dist')
const markdown = new MarkdownIt({ html: false, linkify: false })
/** Which folder of docs/ a page comes from, and where it goes. */
const shelves = [
  { from: 'manuals', to: '', up: '' },
  { from: 'runbooks', to: 'runbooks', up: '../' },
]
const pageOf = (name) => (name === 'README.md' ? 'index.html' : name.replace(/\.md$/, '.html'))

/** Where a link of this shelf leads in the built pages. */
function targetOf(shelf, href) {
  if (/^(https?:|#)/.test(href)) return href
  const [path, anchor] = href.split('#')
  const place = join(docs, shelf.from, path)
  if (!existsSync(place)) throw new Error(`${shelf.from}: ${href} leads nowhere`)
  const folder = basename(dirname(place))
  if (folder === 'pictures') return `${shelf.up}pictures/${basename(place)}`
  const target = shelves.find(({ from }) => from === folder)
  if (target === undefined) return null
  return `${shelf.up}${target.to ? `${target.to}/` : ''}${pageOf(basename(place))}${anchor ? `#${anchor}` : ''}`
}

function adapt(shelf, tokens) {
  const open = []
  for (const token of tokens) {
    for (const child of token.children ?? []) {
      if (child.type === 'image') {
        child.attrSet('src', targetOf(shelf, child.attrGet('src')))
      } else if (child.type === 'link_open') {
        const target = targetOf(shelf, child.attrGet('href'))
        open.push(target)
        // What is not part of the product's pages stays as words.
        if (target === null) Object.assign(child, { tag: 'span', attrs: [] })
        else child.attrSet('href', target)
      } else if (child.type === 'link_close' && open.pop() === null) child.tag = 'span'
    }
    if (token.type === 'table_open') token.attrSet('class', 'table')
  }
  return tokens
}

function render(shelf, name) {
  const source = readFileSync(join(docs, shelf.from, name), 'utf8')
  const title = /^# (.+)$/m.exec(source)?.[1] ?? ''
  const body = markdown.renderer.render(adapt(shelf, markdown.parse(source, {})), markdown.options, {})
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${markdown.utils.escapeHtml(title)} · 明鉴</title>
<link rel="stylesheet" href="${shelf.up}manual.css">
</head>
<body>
<header><a href="${shelf.up}index.html">明鉴 · 操作手册</a></header>
<main>
${body}</main>
</body>
</html>
`
}

rmSync(dist, { recursive: true, force: true })
for (const shelf of shelves) {
  mkdirSync(join(dist, shelf.to), { recursive: true })
  for (const name of readdirSync(join(docs, shelf.from)).filter((one) => one.endsWith('.md'))) {
    writeFileSync(join(dist, shelf.to, pageOf(name)), render(shelf, name))
  }
}
mkdirSync(join(dist, 'pictures'))
for (const name of readdirSync(join(docs, 'pictures'))) copyFileSync(join(docs, 'pictures', name), join(dist, 'pictures', name))
const tokens = readFileSync(fileURLToPath(import.meta.resolve('@invigil/ui/tokens.css')), 'utf8')
writeFileSync(join(dist, 'manual.css'), tokens + readFileSync(join(here, 'manual.css'), 'utf8'))
