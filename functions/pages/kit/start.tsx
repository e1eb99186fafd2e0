import { type ComponentChild, render } from 'preact';
import { show } from './preferences.js';
import { open } from './session.js';
import { arrive } from './wechat.js';

/** Draws a page in place of its waiting line and takes up the session of the browser, if there is one. */
export function start(page: ComponentChild): void {
  const root = document.getElementById('app');
  if (!root) throw new Error('The page has no #app');
  show();
  root.replaceChildren();
  render(page, root);
  void arrive();
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) void open(); // WeChat goes back to a page as it was left, maybe hours ago
  });
}
