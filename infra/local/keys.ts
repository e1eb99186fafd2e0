import { rotate } from './key-file.js';
import { giveUp, settings } from './settings.js';

/** Long enough for every verifier to have seen a key before a token is signed with it. */
const aheadSeconds = 600;

/** `npm run keys -- rotate signing|master`: adds a key to the key file, beside a running service or without one. */
const [verb, what] = process.argv.slice(2);
if (verb !== 'rotate' || (what !== 'signing' && what !== 'master')) giveUp('Usage: npm run keys -- rotate <signing|master>');

try {
  const signsFrom = new Date(Date.now() + aheadSeconds * 1000);
  rotate(settings().dataDir, what, signsFrom);
  console.log(
    what === 'signing'
      ? `A new signing key is published; tokens are signed with it from ${signsFrom.toISOString()} on. Nobody is signed out.`
      : 'New records are sealed under a new master key. Wrap the others anew with: npm run job -- re-wrap',
  );
} catch (error) {
  giveUp(error);
}
