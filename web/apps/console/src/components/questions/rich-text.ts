/** The editor of question texts: what it can make is what the server's sanitiser lets through, and nothing else. */
import { Editor, getSchema, type JSONContent } from '@tiptap/core'
import Bold from '@tiptap/extension-bold'
import Document from '@tiptap/extension-document'
import HardBreak from '@tiptap/extension-hard-break'
import Italic from '@tiptap/extension-italic'
import { BulletList, ListItem, ListKeymap, OrderedList } from '@tiptap/extension-list'
import Paragraph from '@tiptap/extension-paragraph'
import Strike from '@tiptap/extension-strike'
import Subscript from '@tiptap/extension-subscript'
import Superscript from '@tiptap/extension-superscript'
import { Table, TableCell, TableHeader, TableRow } from '@tiptap/extension-table'
import Text from '@tiptap/extension-text'
import Underline from '@tiptap/extension-underline'
import { Gapcursor, UndoRedo } from '@tiptap/extensions'
import { DOMParser } from '@tiptap/pm/model'
import type { EditorView } from '@tiptap/pm/view'

import { safeFragment } from '../safe-html.ts'

// Tables without column widths: the server lets no style through, and the candidate's page decides how wide they are.
const PlainTable = Table.extend({ renderHTML: () => ['table', ['tbody', 0]] }).configure({ resizable: false })
const EXTENSIONS = [
  Document, Paragraph, Text, HardBreak, Bold, Italic, Underline, Strike, Subscript, Superscript,
  BulletList, OrderedList, ListItem, ListKeymap, PlainTable, TableRow, TableHeader, TableCell, Gapcursor, UndoRedo,
]

const SCHEMA = getSchema(EXTENSIONS)

export interface RichTextOptions {
  /** Where it is drawn. */
  element: HTMLElement
  html: string
  label: string
  onChange: (html: string) => unknown
  onMove: () => unknown
}

/** Make an editor; whoever makes it destroys it. onChange: "" when nothing is left; onMove: the place or its marks changed. */
export function makeEditor(options: RichTextOptions): Editor {
  return new Editor({
    element: options.element,
    extensions: EXTENSIONS,
    content: parse(options.html),
    injectCSS: false,
    // ProseMirror parses what is pasted or dropped by a sink that Trusted Types refuse: it comes in through DOMPurify instead.
    editorProps: {
      attributes: { 'aria-label': options.label, 'aria-multiline': 'true', role: 'textbox' },
      handleDOMEvents: { paste, drop: refuseForeign },
    },
    onUpdate: ({ editor: now }) => options.onChange(readHtml(now)),
    onTransaction: options.onMove,
  })
}

/** Return the text as HTML, "" when there is none. */
export function readHtml(editor: Editor): string {
  return editor.isEmpty ? '' : editor.getHTML()
}

/** Show another text; nothing is reported and nothing can be undone to the one before. */
export function setHtml(editor: Editor, html: string): void {
  editor.commands.setContent(parse(html), { emitUpdate: false })
}

function parse(html: string): JSONContent {
  return DOMParser.fromSchema(SCHEMA).parse(safeFragment(html)).toJSON() as JSONContent
}

function paste(view: EditorView, event: ClipboardEvent): boolean {
  const html = event.clipboardData?.getData('text/html')
  if (!html) return false
  event.preventDefault()
  const slice = DOMParser.fromSchema(view.state.schema).parseSlice(safeFragment(html))
  view.dispatch(view.state.tr.replaceSelection(slice).scrollIntoView().setMeta('paste', true))
  return true
}

function refuseForeign(view: EditorView, event: DragEvent): boolean {
  if (view.dragging) return false
  event.preventDefault()
  return true
}
