import { defineProject } from 'vitest/config'

export default defineProject({ test: { name: 'exam-core', environment: 'node', passWithNoTests: true } })
