import type { Draft } from '../notices.js';

const onConsent = { version: 1, fromDay: '2026-01-01', basis: ['consent'], optional: true } as const;

export const eventReminders: readonly Draft[] = [
  {
    ...onConsent,
    retention: 'sent_messages',
    alsoKept: ['consents'],
    words: {
      'zh-CN': {
        title: '活动提醒',
        what: '您的手机号或微信消息通道、您报名的活动，以及我们何时给您发过哪一条提醒。',
        why: '用于在活动开始前提醒您，以及在活动改期、取消或候补有空位时通知您。只发与您报名的活动有关的消息，不发广告；活动的其他参加者看不到这些资料。',
      },
      en: {
        title: 'Event reminders',
        what: 'Your phone number or your WeChat message channel, the events you signed up for, and which reminder we sent you when.',
        why: 'To remind you before an event begins, and to tell you when it is moved or cancelled or when a waiting place comes free. You get messages about events you signed up for and no advertising; others who take part do not see these data.',
      },
    },
  },
];

export const lostDogContact: readonly Draft[] = [
  {
    ...onConsent,
    retention: 'inactive_accounts',
    alsoKept: ['sent_messages', 'reveals', 'consents'],
    words: {
      'zh-CN': {
        title: '犬只走失时的联系',
        what: '您的手机号、犬只的电子标识号和照片，以及走失或拾到的报告。',
        why: '用于在有人拾到您的犬只时，由工作人员或宠物诊疗机构通过本服务联系您。拾到的人看不到您的姓名、手机号和住址，消息由本服务转达。',
      },
      en: {
        title: 'Reaching you when your dog is lost',
        what: 'Your phone number, the chip number and the photos of your dog, and reports that it was lost or found.',
        why: 'So that staff or a clinic can reach you through this service when somebody has found your dog. The finder sees neither your name nor your number nor your address; messages are passed on by this service.',
      },
    },
  },
];

/** Publishing needs a consent of its own (PIPL 25), and so does a person's picture (Civil Code 1019). */
export const photoUse: readonly Draft[] = [
  {
    ...onConsent,
    retention: 'inactive_accounts',
    alsoKept: ['consents'],
    words: {
      'zh-CN': {
        title: '照片用于宣传',
        what: '您上传的或在活动中拍摄的、有您或您的犬只的照片。不附姓名、手机号和住址。',
        why: '用于本局的工作报告以及文明养犬、垃圾分类的宣传，这意味着照片会公开。不用于人脸识别，不提供给商业机构。撤回后我们停止使用并从我们能控制的地方撤下；已经印出或被他人转载的，可能无法收回。',
      },
      en: {
        title: 'Photos for publicity',
        what: 'Photos of you or your dog that you uploaded or that were taken at an event. No name, number or address stands beside them.',
        why: 'For the bureau’s reports and its publicity for civilised dog-keeping and garbage sorting, which means that the photos become public. They are not used for face recognition and not given to businesses. When you withdraw, we stop using them and take them down wherever that is in our hands; what was printed, or passed on by others, may be beyond recall.',
      },
    },
  },
];
