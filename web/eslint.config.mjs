import js from '@eslint/js'
import globals from 'globals'
import pluginVue from 'eslint-plugin-vue'
import ts from 'typescript-eslint'
import vueParser from 'vue-eslint-parser'

/**
 * Package tiers, left to right; a package may import only what stands to its left.
 * An application is never imported, and never imports another application.
 */
const TIERS = ['protocol', 'exam-core', 'media', 'playback', 'checkin', 'ui', 'api']

/** The packages this tier may not see: itself and everything to its right. */
function forbiddenFor(tier) {
  return TIERS.slice(TIERS.indexOf(tier)).map((name) => `@invigil/${name}`)
}

const tierRules = TIERS.map((tier) => ({
  files: [`packages/${tier}/**/*.{ts,vue}`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        paths: forbiddenFor(tier).map((name) => ({ name, message: `${tier} stands left of ${name}: see TIERS` })),
        patterns: [
          { group: ['@invigil/candidate', '@invigil/console', '@invigil/phone', '**/apps/**'], message: 'No package imports an application.' },
          { group: ['@invigil/*/src/**', '**/packages/**'], message: 'Import the package, not its insides.' },
        ],
      },
    ],
  },
}))

const appRules = ['candidate', 'console', 'phone'].map((app) => ({
  files: [`apps/${app}/**/*.{ts,vue}`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          { group: ['@invigil/candidate', '@invigil/console', '@invigil/phone'], message: 'Applications do not import each other.' },
          { group: ['@invigil/*/src/**', '**/packages/**'], message: 'Import the package, not its insides.' },
        ],
      },
    ],
  },
}))

export default ts.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '**/generated.ts', '**/schema.ts', '**/*.d.ts'] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...pluginVue.configs['flat/recommended'],
  {
    files: ['**/*.vue'],
    languageOptions: { parser: vueParser, parserOptions: { parser: ts.parser, sourceType: 'module' } },
  },
  {
    files: ['**/*.{ts,vue}'],
    languageOptions: { globals: { ...globals.browser } },
    rules: {
      'no-undef': 'off', // the type checker knows better
      'max-lines': ['error', { max: 400 }],
      'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
      complexity: ['error', 14],
      eqeqeq: 'error',
      'no-console': 'error',
      'no-eval': 'error',
      'no-implied-eval': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      // TypeScript's own overload of "void" is the honest type of a fire-and-forget callback.
      '@typescript-eslint/no-invalid-void-type': 'off',
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/html-self-closing': 'off',
      'vue/multi-word-component-names': 'off',
      'vue/require-default-prop': 'off',
      'vue/no-v-html': 'error', // question HTML goes through one place only: SafeHtml
      'vue/component-api-style': ['error', ['script-setup']],
      'vue/define-macros-order': 'error',
      'vue/no-unused-refs': 'error',
    },
  },
  {
    files: ['packages/exam-core/src/**', 'packages/protocol/src/**'],
    rules: {
      // Pure rules: time, randomness and the page come in as arguments.
      'no-restricted-globals': ['error', 'document', 'window', 'localStorage', 'indexedDB', 'fetch', 'setTimeout', 'setInterval', 'self', 'navigator'],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Pass the instant in.' },
        { object: 'Math', property: 'random', message: 'Pass the random source in.' },
      ],
    },
  },
  { files: ['**/tests/**', '**/*.test.ts'], rules: { 'max-lines-per-function': 'off', '@typescript-eslint/no-non-null-assertion': 'off' } },
  { files: ['**/*.{mjs,config.ts}'], languageOptions: { globals: { ...globals.node } }, rules: { 'no-console': 'off' } },
  { files: ['apps/candidate/public/sw.js'], languageOptions: { globals: { ...globals.serviceworker } } },
  ...tierRules,
  ...appRules,
)
