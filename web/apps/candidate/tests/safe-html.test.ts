// @vitest-environment jsdom
import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'

import { SafeHtml, sanitiseHtml } from '../src/components/SafeHtml.ts'

const ATTACKS = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<svg onload=alert(1)>',
  '<svg><script>alert(1)</script></svg>',
  '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>',
  '<a href="javascript:alert(1)">x</a>',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<p onclick="alert(1)" style="position:fixed">x</p>',
  '<form action="https://evil.example"><input name=a></form>',
  '<td background="javascript:alert(1)">x</td>',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<style>@import "https://evil.example"</style>',
  '<link rel=stylesheet href=https://evil.example>',
  '<meta http-equiv=refresh content="0;url=https://evil.example">',
  '<object data="data:text/html,<script>alert(1)</script>">',
  '<template><script>alert(1)</script></template>',
]

describe('question text', () => {
  it.each(ATTACKS)('loses what is dangerous in %s', (html) => {
    const place = document.createElement('div')
    place.innerHTML = sanitiseHtml(html)
    expect(place.querySelector('script, img, svg, math, a, iframe, form, input, style, link, meta, object, template')).toBeNull()
    for (const element of place.querySelectorAll('*')) expect(element.getAttributeNames()).toEqual([])
  })

  it('keeps emphasis, formulas in a line and tables', () => {
    const html = '<p>H<sub>2</sub>O <b>粗</b></p><table><tbody><tr><td colspan="2">1</td></tr></tbody></table>'
    expect(sanitiseHtml(html)).toBe(html)
  })

  it('is shown and replaced', async () => {
    const shown = mount(SafeHtml, { props: { html: '<b>一</b><script>x</script>' } })
    expect(shown.element.innerHTML).toBe('<b>一</b>')
    await shown.setProps({ html: '二' })
    expect(shown.element.innerHTML).toBe('二')
  })
})
