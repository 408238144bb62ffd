/** What background jobs are called: the server names them in Chinese, with what they are about behind a colon. */
import type { Job } from '../stores/jobs.ts'
import { inLanguage, language } from '../language.ts'

const ENGLISH: Record<string, string> = {
  'candidates.import.read': 'Read a list of candidates',
  'candidates.import.write': 'Write candidates',
  'candidates.import.correct': 'Mark the errors of a list',
  'candidates.photos.read': 'Check photos',
  'candidates.photos.write': 'Write photos',
  'candidates.tickets.print': 'Make admission tickets',
  'questions.import.read': 'Read a file of questions',
  'questions.import.write': 'Write questions',
  'questions.duplicates.find': 'Find similar questions',
  'papers.set.generate': 'Make a paper set',
  'papers.set.deal': 'Deal papers',
  'exams.sitting.deal': 'Arrange papers',
  'rooms.sitting.arrange': 'Arrange rooms',
  'rooms.proctors.assign': 'Assign proctors',
  'grading.sitting.grade': 'Grade a sitting',
  'exports.file.make': 'Make an export',
  'recordings.package.make': 'Make a package of recordings',
  'rekeying.records.reseal': 'Seal with the new key',
}

/** Return the name of a job in the language of the page. */
export function jobTitle(job: Pick<Job, 'kind' | 'title'>): string {
  const english = ENGLISH[job.kind]
  if (language.value === 'zh' || english === undefined) return job.title
  const about = /：(.+)$/.exec(job.title)?.[1]
  return about === undefined ? english : `${english}: ${about}`
}

/** Return what a job says of itself; it says so in Chinese only, so that in English progress and figures must do. */
export function jobSays(job: Pick<Job, 'message'>): string {
  return inLanguage(job.message, '')
}
