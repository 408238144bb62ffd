// @vitest-environment jsdom
import { afterEach, expect, test, vi } from 'vitest'

import { makeEditor, readHtml, setHtml } from '../src/components/questions/rich-text.ts'
import { safeFragment } from '../src/components/safe-html.ts'

const made: ReturnType<typeof makeEditor>[] = []
afterEach(() => made.splice(0).forEach((editor) => editor.destroy()))

function open(html: string, onChange: (html: string) => unknown = () => undefined) {
  const editor = makeEditor({ element: document.createElement('div'), html, label: '题干', onChange, onMove: () => undefined })
  made.push(editor)
  return editor
}
const cleaned = (html: string) => {
  const place = document.createElement('div')
  place.append(safeFragment(html))
  return place.innerHTML
}

test.each([
  '<p>一行</p>',
  '<p>两行</p><p>第二行<br>换行</p>',
  '<p>5 &lt; 6 &amp; "引号"</p>',
  '<p>H<sub>2</sub>O 与 10<sup>3</sup>，<strong>不</strong><em>属于</em><u>的是</u><s>删</s></p>',
  '<ul><li><p>甲</p></li><li><p>乙</p></li></ul>',
  '<table><tbody><tr><th colspan="2" rowspan="1"><p>表头</p></th></tr><tr><td colspan="1" rowspan="1"><p>1</p></td><td colspan="1" rowspan="1"><p>2</p></td></tr></tbody></table>',
])('%s stays as it is', (html) => {
  expect(readHtml(open(html))).toBe(html)
  expect(cleaned(html)).toBe(html)
})

test('nothing written is no text', () => expect(readHtml(open(''))).toBe(''))

test('showing a text is not a change; writing is', () => {
  const onChange = vi.fn()
  const editor = open('<p>旧</p>', onChange)
  setHtml(editor, '<p>新</p>')
  expect(onChange).not.toHaveBeenCalled()
  editor.commands.insertContentAt(2, { type: 'text', text: '题' })
  expect(onChange).toHaveBeenLastCalledWith('<p>新题</p>')
})

test('what a hostile text brings does not get in', () => {
  const html = readHtml(open('<p onclick="x()">题<img src=x onerror=x()><a href="javascript:x()">链</a></p><script>x()</script>'))
  expect(html).toBe('<p>题链</p>')
})

test('everything the editor can make passes the filter of the pages', () => {
  const editor = open('<p>题</p>')
  editor.chain().selectAll().toggleBold().toggleItalic().toggleUnderline().toggleStrike().toggleSuperscript().run()
  editor.chain().toggleOrderedList().run()
  editor.chain().insertContentAt(editor.state.doc.content.size, { type: 'paragraph' }).focus('end').insertTable({ rows: 2, cols: 2, withHeaderRow: true }).run()
  const html = readHtml(editor)
  expect(html).toContain('<table>')
  expect(cleaned(html)).toBe(html)
})
