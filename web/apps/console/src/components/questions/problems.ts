/** What keeps a question out of the bank, in the language of the page: the server says it to authors in Chinese. */
import type { Schemas } from '../../api.ts'
import { language } from '../../language.ts'

type Problem = Schemas['QuestionProblemAnswer']

// Codes without a sentence here are shown as the server says them.
const ENGLISH: Record<string, string> = {
  subject_missing: 'No subject is chosen.',
  subject_malformed: 'A subject code is a capital letter followed by letters or digits, as A or C1.',
  subject_disordered: 'Subject codes must be in order and not repeated.',
  knowledge_area_missing: 'No knowledge area is given.',
  knowledge_area_long: 'A knowledge area has at most 64 characters.',
  difficulty_out_of_range: 'The difficulty is a whole number from 1 to 5.',
  source_long: 'The source has at most 500 characters.',
  stem_missing: 'The stem is empty.',
  blocks_many: 'There are too many blocks in one place.',
  text_long: 'A text is too long.',
  block_malformed: 'A block has neither text nor a file.',
  play_limit_misplaced: 'Only audio and video can have a limit of plays.',
  play_limit_out_of_range: 'The limit of plays is out of range.',
  options_few: 'A choice question needs at least two options.',
  options_many: 'There are too many options.',
  option_keys_broken: 'The letters of the options must run on from A.',
  option_empty: 'An option is empty.',
  options_equal: 'Two options say the same.',
  options_misplaced: 'This type of question has no options.',
  answer_missing: 'There is no answer, or a blank has none.',
  answer_without_option: 'The answer names an option that does not exist.',
  answer_disordered: 'The letters of the answer must be in order and not repeated.',
  answer_not_single: 'A single-choice question has one answer.',
  answers_many: 'There are too many blanks, or too many accepted answers of a blank.',
  answer_long: 'An accepted answer is too long.',
  case_nested: 'A part of a case cannot be a case.',
  case_answerable: 'A case has no options and no answer of its own; they belong to its parts.',
  sub_questions_missing: 'A case needs at least one part.',
  sub_questions_many: 'A case has too many parts.',
  medium_missing: 'A file was not uploaded or cannot be shown.',
  medium_mismatch: 'A file does not fit the type of its block.',
}

/** Return the sentence of a problem. An empty option is named by its letter. */
export function problemSentence(problem: Problem): string {
  if (language.value === 'zh') return problem.sentence
  const letter = problem.code === 'option_empty' ? /[A-J]/.exec(problem.sentence)?.[0] : undefined
  return letter ? `Option ${letter} is empty.` : (ENGLISH[problem.code] ?? problem.sentence)
}
