/**
 * The one place where text becomes HTML. The server has sanitised it already (nh3); it passes DOMPurify once more, inside a
 * Trusted Types policy, before it reaches innerHTML. Source: P16
 */
import DOMPurify from 'dompurify'
import { defineComponent, h, onMounted, useTemplateRef, watch } from 'vue'

const ALLOWED = {
  ALLOWED_TAGS: 'p br b strong i em u s sub sup ul ol li table thead tbody tr th td'.split(' '),
  ALLOWED_ATTR: ['colspan', 'rowspan'],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
}

interface HtmlPolicy {
  createHTML(html: string): string
}
interface PolicyFactory {
  createPolicy(name: string, rules: HtmlPolicy): HtmlPolicy
}

export function sanitiseHtml(html: string): string {
  return DOMPurify.sanitize(html, ALLOWED)
}

const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes
const policy: HtmlPolicy = factory?.createPolicy('invigil', { createHTML: sanitiseHtml }) ?? { createHTML: sanitiseHtml }

export const SafeHtml = defineComponent(
  (props: { html: string }) => {
    const place = useTemplateRef<HTMLElement>('place')
    const show = () => {
      if (place.value !== null) place.value.innerHTML = policy.createHTML(props.html)
    }
    onMounted(show)
    watch(() => props.html, show)
    return () => h('div', { ref: 'place', class: 'html' })
  },
  { name: 'SafeHtml', props: { html: { type: String, required: true } } },
)
