/** What of a question's text the pages let through: the server's list (questions/sanitising.py), as the second lock. */
import DOMPurify from 'dompurify'

const ALLOWED = {
  ALLOWED_TAGS: 'p br b strong i em u s sub sup ul ol li table thead tbody tr th td'.split(' '),
  ALLOWED_ATTR: ['colspan', 'rowspan'],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
}

/** Return the harmless part of HTML as elements. */
export function safeFragment(html: string): DocumentFragment {
  return DOMPurify.sanitize(html, { RETURN_DOM_FRAGMENT: true, ...ALLOWED })
}
