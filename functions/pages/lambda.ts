import { readFile } from 'node:fs/promises';
import { pagesService } from './serve.js';

export const handler = pagesService((file) => readFile(new URL(`./assets/${file}`, import.meta.url)));
