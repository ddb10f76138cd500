// Runs only in browsers that know no modules (D13); they get words instead of a blank page.
document.getElementById("root").innerHTML =
  "<p><b>This browser is too old for meetings.</b> Update it, or use a current Chrome, Edge, Firefox or Safari.</p>" +
  '<p lang="zh-CN"><b>浏览器版本过旧，无法开会。</b> 请更新，或使用新版 Chrome、Edge、Firefox 或 Safari。</p>';
