/** Who runs the service in this city and answers for its data (PIPL 17 (1) 1, 73 (1)). */
export const bureau = {
  'zh-CN': '深圳市光明区城市管理和综合执法局',
  en: 'the city-management bureau (城市管理和综合执法局) of Guangming District, Shenzhen',
} as const;
