/** A page that shows given texts the way the console does; the hostile ones are given by tests/e2e/test_hostile_html.py. */
import { createApp, h } from 'vue'

import SafeHtml from '../../src/components/SafeHtml.vue'

const texts = (await (await fetch('/texts.json')).json()) as string[]
createApp({ render: () => texts.map((html, at) => h(SafeHtml, { html, key: at })) }).mount('#app')
