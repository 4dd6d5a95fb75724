"""The contrast of text, measured in a page."""

CONTRASTS = """() => {
  const numbers = colour => (colour.match(/[\\d.]+/g) || []).map(Number);
  const light = part => (part /= 255) <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  const luminance = ([r, g, b]) => 0.2126 * light(r) + 0.7152 * light(g) + 0.0722 * light(b);
  const behind = node => {
    for (; node; node = node.parentElement) {
      const colour = numbers(getComputedStyle(node).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
      if (colour[3] > 0) throw new Error('half transparent: ' + node.outerHTML.slice(0, 99));
    }
    return [255, 255, 255];
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
  while (texts.nextNode()) {
    const parent = texts.currentNode.parentElement, text = texts.currentNode.data.trim();
    if (!text || ['title', 'desc'].includes(parent.tagName)) continue;
    const style = getComputedStyle(parent);
    const own = luminance(numbers(parent.closest('svg') ? style.fill : style.color)), back = luminance(behind(parent));
    found.push([(Math.max(own, back) + 0.05) / (Math.min(own, back) + 0.05), text]);
  }
  return found;
}"""
"""The contrast of every text against what is behind it (WCAG 2.2, relative luminance)."""
