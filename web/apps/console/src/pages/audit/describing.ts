/** Records in words: what an id stands for, what a detail is called. The ids themselves stand in the record's own drawer. */
import { words as common } from '../../components/words.ts'
import { formatInstantExactly } from '../../formats.ts'
import { defineMessages, inLanguage } from '../../language.ts'
import { useStaffNames } from '../../stores/staff-names.ts'

const words = defineMessages(
  {
    kinds: {
      staff: '工作人员', cand: '考生', exam: '考试', sitting: '场次', room: '考场', att: '考试记录', bp: '组卷蓝图', pset: '试卷集', ppr: '试卷', q: '试题', qv: '试题版本', qimp: '试题导入', imp: '名单导入',
      grun: '评分轮次', exp: '导出文件', job: '后台任务', agreement: '承办协议', confirmation: '安排确认单', media: '图片或音视频', chg: '时间调整', cmd: '考场指令', note: '监考记录', call: '举手', sig: '异常信号',
      pkg: '录像包', hold: '保留令', find: '复查结论', page: '页面', login: '登录', relative: '亲属关系', duty: '到岗', over: '交接', line: '对话', take: '录制', trk: '录制',
    } as Record<string, string>,
    actors: { staff: '工作人员', candidate: '考生', system: '系统', anonymous: '未登录者' } as Record<string, string>,
    details: {
      reason: '原因', kind: '类型', minutes: '分钟', version: '版本', fields: '修改的项', written: '写入', refused: '未写入', files: '文件数', days: '保存天数', questions: '题数', sample: '样卷', with_answers: '含答案', blueprint: '蓝图',
      batch: '批次', candidates: '人数', records: '记录数', findings: '异常数', roles: '角色', exam: '考试', sitting: '场次', subject: '科目', to: '到', from: '原', accepted: '可用', skipped: '跳过', warned: '提醒', taken_since: '已由他人写入', still_missing: '仍缺', is_mock_required: '须先通过模拟', is_title_changed: '改了名称', rules: '规则摘要', starts_at: '开考时间', subjects: '科目', paper_set: '试卷集', mock_paper_set: '模拟试卷集', note: '监考记录', track: '画面', line: '对话', call: '举手', handling: '处理',
      bytes: '字节数', sha256: 'SHA-256', relation: '关系', tickets: '准考证数', only_errors: '只含错误行', profile: '考试类型', pairs: '对数', position: '位置', change: '时间调整', run: '评分轮次', purpose: '用途', format: '格式', grouping: '分组',
      shows_identity: '含身份证号', people: '人数', passed: '合格', corrections: '更正数', device: '设备', login_name: '登录名', display_name: '姓名', state: '状态', started: '开始', ended: '结束', number: '编号', digest: '摘要', rows: '行数',
      field: '项目', count: '数量', mode: '方式', command: '指令', employer: '单位', employers: '单位', room: '考场', seats: '座位数', rooms: '考场数', proctors: '监考人数', proposed_by: '提出人', approved_by: '批准人', is_released: '已发布', key: '密钥',
      candidate: '考生', attempt: '考试记录', seq: '序号', rule: '规则', duplicates: '重复', area: '知识点', title: '名称', lead: '组长', by: '操作人', seed: '随机种子', file: '文件', sittings: '场次数', subject_code: '科目', room_name: '考场', q: '查找', sitting_ids: '场次',
    } as Record<string, string>,
    values: {
      extra_time: '延时', pause: '暂停', resume: '恢复', reopen: '重新开放', scores: '成绩', absences: '缺考名单', hand_in_times: '交卷时间', violations: '违纪名单', answer_sheets: '答题卡', seen: '已查看', dismissed: '已排除', noted: '已记录',
      xlsx: 'Excel', csv: 'CSV', pdf: 'PDF', identity_number: '身份证号', phone: '手机号', administrator: '考务管理', proctor: '监考', patrol: '巡考', reviewer: '复查', support: '客服', board_official: '甲方', auditor: '审计', operator: '运维',
      pc: '电脑', screen: '屏幕', camera: '电脑摄像头', single: '单选题', real: '正式', draft: '草稿', locked: '已锁定', open: '已开放', running: '进行中', closed: '已结束', graded: '已评分', released: '已发布', mock: '模拟', beijing: '北京', employer: '单位', room: '考场', sitting: '场次', subject: '科目', warning: '警告', message: '消息',
    } as Record<string, string>,
    yes: '是',
    no: '否',
  },
  {
    kinds: {
      staff: 'staff', cand: 'candidate', exam: 'examination', sitting: 'sitting', room: 'room', att: 'attempt', bp: 'blueprint', pset: 'paper set', ppr: 'paper', q: 'question', qv: 'question version', qimp: 'question import', imp: 'import',
      grun: 'grading run', exp: 'export', job: 'job', agreement: 'agreement', confirmation: 'confirmation', media: 'medium', chg: 'time change', cmd: 'command', note: 'note', call: 'raised hand', sig: 'signal', pkg: 'recording package', hold: 'legal hold',
      find: 'finding', page: 'page', login: 'login', relative: 'relative', duty: 'duty', over: 'hand-over', line: 'conversation', take: 'take', trk: 'track',
    } as Record<string, string>,
    actors: { staff: 'staff', candidate: 'candidate', system: 'system', anonymous: 'not logged in' } as Record<string, string>,
    details: {
      reason: 'reason', kind: 'kind', minutes: 'minutes', version: 'version', fields: 'fields changed', written: 'written', refused: 'not written',
      files: 'files', days: 'days kept', questions: 'questions', sample: 'sample paper', with_answers: 'with answers', blueprint: 'blueprint',
      batch: 'batch', candidates: 'candidates', records: 'records', findings: 'findings', roles: 'roles', exam: 'exam', sitting: 'sitting',
      subject: 'subject', to: 'to', from: 'from', accepted: 'usable', skipped: 'skipped', warned: 'with warnings',
      taken_since: 'written by others meanwhile', still_missing: 'still without photo', is_mock_required: 'mock required', is_title_changed: 'title changed',
      rules: 'digest of the rules', starts_at: 'starts at', subjects: 'subjects', paper_set: 'paper set', mock_paper_set: 'mock paper set',
      note: 'proctor’s note', track: 'track', line: 'conversation', call: 'raised hand', handling: 'handling', bytes: 'bytes', sha256: 'SHA-256',
      relation: 'relation', tickets: 'tickets', only_errors: 'only rows with errors', profile: 'kind of examination', pairs: 'pairs', position: 'position',
      change: 'time change', run: 'grading run', purpose: 'purpose', format: 'format', grouping: 'grouping', shows_identity: 'with identity numbers',
      people: 'people', passed: 'passed', corrections: 'corrections', device: 'device', login_name: 'login name', display_name: 'display name',
      state: 'state', started: 'began', ended: 'ended', number: 'number', digest: 'digest', rows: 'rows', field: 'field', count: 'count', mode: 'mode',
      command: 'command', employer: 'employer', employers: 'employers', room: 'room', seats: 'seats', rooms: 'rooms', proctors: 'proctors',
      proposed_by: 'proposed by', approved_by: 'approved by', is_released: 'released', key: 'key', candidate: 'candidate', attempt: 'attempt',
      seq: 'sequence', rule: 'rule', duplicates: 'duplicates', area: 'knowledge area', title: 'title', lead: 'lead proctor', by: 'by', seed: 'random seed',
      file: 'file', sittings: 'sittings', subject_code: 'subject', room_name: 'room', q: 'search words', sitting_ids: 'sittings',
    } as Record<string, string>,
    values: {
      extra_time: 'extra time', pause: 'pause', resume: 'resume', reopen: 'open again', scores: 'scores', absences: 'absentees',
      hand_in_times: 'times of hand-in', violations: 'violations', answer_sheets: 'answer sheets', seen: 'seen', dismissed: 'dismissed', noted: 'noted',
      xlsx: 'Excel', csv: 'CSV', pdf: 'PDF', identity_number: 'identity number', phone: 'phone', administrator: 'administrator', proctor: 'proctor',
      patrol: 'patrol', reviewer: 'reviewer', support: 'support', board_official: 'board', auditor: 'auditor', operator: 'operator', pc: 'computer',
      screen: 'screen', camera: 'camera of the computer', single: 'single', real: 'examination', draft: 'draft', locked: 'locked', open: 'open',
      running: 'running', closed: 'closed', graded: 'graded', released: 'released', mock: 'mock', beijing: 'Beijing', employer: 'employer', room: 'room',
      sitting: 'sitting', subject: 'subject', warning: 'warning', message: 'message',
    } as Record<string, string>,
    yes: 'yes',
    no: 'no',
  },
)

const INSTANT = /^\d{4}-\d\d-\d\dT/
const ID = /^([a-z]+)_[0-9A-Za-z]{16,}$/

/** What an id stands for: a colleague's name, or the kind of thing; other text as it is. */
export function objectName(on: string): string {
  const kind = ID.exec(on)?.[1]
  if (kind === undefined) return on
  if (kind === 'staff') return staffName(on)
  return words.value.kinds[kind] ?? kind
}

/** Who acted. */
export function actorName(kind: string, id: string): string {
  return kind === 'staff' ? staffName(id) : (words.value.actors[kind] ?? kind)
}

function staffName(id: string): string {
  const name = useStaffNames().nameOf(id)
  return name === id ? (words.value.kinds['staff'] ?? '') : name
}

/** A detail's name. */
export function detailName(name: string): string {
  return words.value.details[name] ?? name.replaceAll('_', ' ')
}

/** A detail's value in words; ids are named by what they stand for. */
export function detailValue(value: unknown): string {
  if (value === true) return words.value.yes
  if (value === false) return words.value.no
  if (Array.isArray(value)) return value.map(detailValue).join(inLanguage('、', ', ')) || '—'
  if (typeof value === 'string' && INSTANT.test(value)) return formatInstantExactly(value)
  if (typeof value === 'string') return words.value.values[value] ?? (objectName(value) || '—')
  if (typeof value === 'number') return String(value)
  return value === null || value === undefined ? '—' : JSON.stringify(value)
}

/** All details on one line. */
export function detailsLine(details: Record<string, unknown>): string {
  return Object.entries(details).filter(([, value]) => value !== '').map(([name, value]) => common.value.pair(detailName(name), detailValue(value))).join(inLanguage('；', '; '))
}
