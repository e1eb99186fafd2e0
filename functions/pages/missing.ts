import { Failure } from '../../shared/http/failures.js';
import { type Language, problemOf } from '../../shared/http/problem.js';

/** Nothing at this address: as a small page, or as every other refusal of the service. */
export function missingPage(language: Language): string {
  const { title } = problemOf(new Failure('route_not_found'), language);
  const home = language === 'en' ? 'Go to the home page' : '回到首页';
  return `<!doctype html>
<html lang="${language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" type="image/svg+xml" href="/favicon.svg">
<title>${title}</title>
<main>
<h1>${title}</h1>
<p><a href="/">${home}</a></p>
</main>
</html>
`;
}

export const missingProblem = (language: Language): string => JSON.stringify(problemOf(new Failure('route_not_found'), language));
