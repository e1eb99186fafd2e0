import { readFile } from 'node:fs/promises';
import { toLambda } from '../http/to-lambda.js';
import { pagesService } from './serve.js';

export const handler = toLambda(pagesService((file) => readFile(new URL(`./assets/${file}`, import.meta.url))));
