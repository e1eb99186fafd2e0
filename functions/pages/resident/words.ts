import type { Dictionary } from '../kit/preferences.js';

const zh = {
  title: '我的',
  me: '我的身份',
  name: '姓名',
  noName: '未登记',
  role: '身份',
  phone: '手机号',
  wechat: '微信',
  wechatLinked: '已绑定',
  wechatNotLinked: '未绑定',
  area: '负责区域',
  services: '可用的服务',
  residentNone: '您的账号已经可以使用。面向居民的网上办理还没有开放，开放后会出现在这里。',
  clinicNone: '面向动物诊疗机构的办理还没有开放，开放后会出现在这里。',
  manager: '分类投放参与登记',
  managerWhat: '勾选当天分类投放的住户，查看本周参与情况',
  bureau: '每周参与率',
  bureauWhat: '各街道、社区和投放点的参与率与走势',
};
export type ResidentWords = typeof zh;

const en: ResidentWords = {
  title: 'My account',
  me: 'Who I am',
  name: 'Name',
  noName: 'not on record',
  role: 'Role',
  phone: 'Phone number',
  wechat: 'WeChat',
  wechatLinked: 'linked',
  wechatNotLinked: 'not linked',
  area: 'Area',
  services: 'Services',
  residentNone: 'Your account is ready. There are no online services for residents yet; they will appear here when they open.',
  clinicNone: 'There are no online services for clinics yet; they will appear here when they open.',
  manager: 'Sorting check-ins',
  managerWhat: 'Tick the households that sorted today, and see the week so far',
  bureau: 'Weekly participation',
  bureauWhat: 'Rates of streets, communities and sites, and how they change',
};

export const residentWords: Dictionary<ResidentWords> = { 'zh-CN': zh, en };
