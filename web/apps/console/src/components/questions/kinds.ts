import type { Schemas } from '../../api.ts'
import { defineMessages } from '../../language.ts'

export type QuestionDocument = Schemas['QuestionDocument']
export type Block = Schemas['BlockDocument']
export type MediumKind = Exclude<Block['kind'], 'text'>
export type QuestionType = QuestionDocument['type']

export const QUESTION_TYPES: QuestionType[] = ['single', 'multiple', 'true_false', 'fill_in', 'case']

export const questionWords = defineMessages(
  {
    types: { single: '单选题', multiple: '多选题', true_false: '判断题', fill_in: '填空题', case: '案例题' } satisfies Record<QuestionType, string>,
    right: '正确',
    wrong: '错误',
    answer: '答案',
    noAnswer: '未给出答案',
    explanation: '解析',
    difficulty: '难度',
    difficulties: ['很易', '较易', '中等', '较难', '很难'],
    area: '知识点',
    source: '出处',
    subjects: '适用科目',
    mediaLimit: (n: number) => `限播放 ${n} 次`,
    or: ' 或 ',
    blank: (n: number) => `第 ${n} 空`,
  },
  {
    types: { single: 'Single choice', multiple: 'Multiple choice', true_false: 'True/false', fill_in: 'Fill-in', case: 'Case' },
    right: 'True',
    wrong: 'False',
    answer: 'Answer',
    noAnswer: 'No answer given',
    explanation: 'Explanation',
    difficulty: 'Difficulty',
    difficulties: ['very easy', 'easy', 'medium', 'hard', 'very hard'],
    area: 'Knowledge area',
    source: 'Source',
    subjects: 'Subjects',
    mediaLimit: (n: number) => `plays ${n} times at most`,
    or: ' or ',
    blank: (n: number) => `Blank ${n}`,
  },
)

/** The answer in words: "AC", "正确", "塔吊 或 塔式起重机；…". */
export function answerInWords(answer: Schemas['AnswerDocument'] | null | undefined): string {
  if (!answer) return ''
  if (answer.choices) return answer.choices.join('')
  if (answer.blanks) return answer.blanks.map((accepted) => accepted.join(questionWords.value.or)).join('；')
  if (answer.correct === null || answer.correct === undefined) return ''
  return answer.correct ? questionWords.value.right : questionWords.value.wrong
}
