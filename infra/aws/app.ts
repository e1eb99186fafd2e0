import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import { bundleService } from '../bundle/functions.js';
import { addStacks } from './stacks.js';

const bundles = fileURLToPath(new URL('../../.build/functions', import.meta.url));
const progress = (text: string) => console.error(`${text} …`);

await bundleService(bundles, { progress });
const app = new App();
addStacks(app, bundles);
progress('Writing the templates, and checking them');
app.synth();
