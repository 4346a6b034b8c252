// What a reader sees: text that stands out too little (WCAG 2.1, 1.4.3), heads of one word and parts of
// keys that are broken within them, and how wide the page is.
(() => {
  const pixel = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgba = color => {
    pixel.clearRect(0, 0, 1, 1);
    pixel.fillStyle = color;
    pixel.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = pixel.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  };
  const over = (top, below) =>
    [0, 1, 2].map(at => top[at] * top[3] + below[at] * (1 - top[3])).concat(1);
  const ground = element => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      layers.push(rgba(getComputedStyle(at).backgroundColor));
    }
    const dark = matchMedia('(prefers-color-scheme: dark)').matches &&
      getComputedStyle(document.documentElement).colorScheme.includes('dark');
    const canvas = dark && !matchMedia('print').matches ? [18, 18, 18, 1] : [255, 255, 255, 1];
    return layers.reverse().reduce((below, top) => over(top, below), canvas);
  };
  const luminance = color => {
    const linear = color.slice(0, 3).map(part => {
      const share = part / 255;
      return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  const contrast = (one, other) => {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const lines = node => {
    const range = document.createRange();
    range.selectNodeContents(node);
    return new Set([...range.getClientRects()].map(box => Math.round(box.top))).size;
  };
  const broken = [...document.querySelectorAll('th button, th:not(:has(button)), h3, summary')]
    .filter(element => !/\s/.test(element.textContent.trim()) && lines(element) > 1)
    .map(element => element.textContent.trim());
  for (const key of document.querySelectorAll('.key')) {
    for (const part of key.childNodes) {
      if (part.nodeType === 3 && !/\s/.test(part.data) && lines(part) > 1) broken.push(part.data);
    }
  }
  const faint = [];
  let texts = 0;
  for (const element of document.body.querySelectorAll('*')) {
    const text = [...element.childNodes].filter(node => node.nodeType === 3)
      .map(node => node.data.trim()).join(' ').trim();
    const box = element.getBoundingClientRect();
    if (!text || !box.width || !box.height || element.tagName === 'STYLE') continue;
    const style = getComputedStyle(element);
    const behind = ground(element);
    const color = rgba(element instanceof SVGElement ? style.fill : style.color);
    color[3] *= Number(style.opacity);
    const ratio = contrast(over(color, behind), behind);
    texts += 1;
    if (ratio < 4.5) faint.push(`${ratio.toFixed(2)} <${element.tagName}> ${text.slice(0, 40)}`);
  }
  return {
    texts, faint, broken,
    width: document.documentElement.scrollWidth,
    window: window.innerWidth,
    height: document.documentElement.scrollHeight,
    ground: ground(document.body),
  };
})()
