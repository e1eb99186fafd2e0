import { jobZone } from '../../shared/catalog.js';
import type { Sent } from './outbox.js';

const clock = new Intl.DateTimeFormat('zh-CN', { dateStyle: 'short', timeStyle: 'medium', timeZone: jobZone });
/** Text as it may stand in HTML, in double-quoted attributes too. */
export const escaped = (text: string) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** What the phones of the demo city have received, newest first. */
export function outboxPage(sent: readonly Sent[]): string {
  const rows = sent.map(
    ({ at, to, text, code }) =>
      `<tr><td><b>${escaped(code ?? '')}</b></td><td>${escaped(to)}</td><td><time datetime="${escaped(at)}">${clock.format(new Date(at))}</time></td><td>${escaped(text)}</td></tr>`,
  );
  return `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="5"><title>短信收件箱 · Outbox</title>
<style>body{font:16px system-ui;margin:1rem;color:#1a1a1a}table{border-collapse:collapse}td,th{padding:.5rem .75rem .5rem 0;border-bottom:1px solid #ddd;text-align:left}b{font-size:1.3em;letter-spacing:.1em}</style>
<h1>短信收件箱 <small lang="en">Outbox</small></h1>
${rows.length ? `<table><tr><th>验证码 Code</th><th>收件人 To</th><th>时间 At</th><th>内容 Text</th></tr>${rows.join('')}</table>` : '<p>还没有短信。<span lang="en">No messages yet.</span></p>'}
</html>`;
}
