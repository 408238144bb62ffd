import { defineProject } from 'vitest/config'

export default defineProject({ test: { name: 'playback', environment: 'node', passWithNoTests: true } })
