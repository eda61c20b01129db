/* 政策匹配 in the browser: the rules of gongkai/rules/eligibility.py and the words of eligibility_words.py, tried against the same table
   (tests/rules/data/eligibility_cases.json). Nothing is sent: the form is judged here. Without this file the server judges it. */
(function (root) {
  "use strict";
  var OPERATORS = { is: "是", is_one_of: "是其中之一", at_least: "不低于", at_most: "不超过", more_than: "高于", less_than: "低于", before: "不晚于", after: "不早于", all: "同时具备" };
  var VERDICTS = ["met", "nearly", "open", "not_met"];

  function moved(value, margin) {
    if (typeof value === "number") return value + margin;
    var day = new Date(value + "T00:00:00Z");
    day.setUTCDate(day.getUTCDate() + margin);
    return day.toISOString().slice(0, 10);
  }
  function holds(operator, values, answer) {
    var chosen = Array.isArray(answer) ? answer : [answer];
    switch (operator) {
      case "is": case "is_one_of": return values.some(function (one) { return chosen.indexOf(one) >= 0; });
      case "all": return values.every(function (one) { return chosen.indexOf(one) >= 0; });
      case "at_least": case "after": return answer >= values[0];
      case "more_than": return answer > values[0];
      case "less_than": return answer < values[0];
      default: return answer <= values[0];
    }
  }
  function judgeClause(clause, answer) {
    var judged = { clause: clause, standing: "open", near: false };
    if (answer === undefined || answer === null) return judged;
    if (holds(clause.operator, clause.values, answer)) { judged.standing = "met"; return judged; }
    judged.standing = "failed";
    if (clause.margin) {
      var lower = ["at_least", "after", "more_than"].includes(clause.operator);
      judged.near = holds(clause.operator, [moved(clause.values[0], lower ? -clause.margin : clause.margin)], answer);
    }
    return judged;
  }
  function rank(one) { return one.standing === "failed" ? (one.near ? 1 : 0) : one.standing === "open" ? 2 : 3; }
  function before(a, b) {
    return rank(a) - rank(b) || (a.clause.field < b.clause.field ? -1 : a.clause.field > b.clause.field ? 1 : 0) ||
      (a.clause.operator < b.clause.operator ? -1 : a.clause.operator > b.clause.operator ? 1 : 0);
  }
  function count(list) {
    return Object.keys(list.reduce(function (seen, one) { seen[one.clause.field] = 1; return seen; }, {})).length;
  }
  function judge(conditions, answers) {
    var clauses = conditions.clauses.map(function (clause) { return judgeClause(clause, answers[clause.field]); });
    var required = clauses.filter(function (one) { return one.clause.required !== false; });
    var failed = required.filter(function (one) { return one.standing === "failed"; });
    var open = required.some(function (one) { return one.standing === "open"; });
    var verdict = count(failed) > 1 || failed.some(function (one) { return !one.near; }) ? "not_met"
      : open ? "open" : failed.length ? "nearly" : "met";
    return { verdict: verdict, deciding: required.slice().sort(before)[0], clauses: clauses };
  }
  function valueWords(field, value) {
    if (field.type === "choice") return field.choices[value] || String(value);
    if (field.type === "flag") return value ? "是" : "否";
    return field.type === "number" ? (value + " " + field.unit).trim() : value;
  }
  function clauseWords(clause, field) {
    var values = clause.values.map(function (value) { return valueWords(field, value); }).join("、");
    return field.type === "flag" ? field.label + "：" + values : field.label + OPERATORS[clause.operator] + " " + values;
  }
  function answerWords(field, answer) {
    if (answer === undefined || answer === null) return "您没有回答";
    if (Array.isArray(answer)) {
      var chosen = Object.keys(field.choices).filter(function (code) { return answer.indexOf(code) >= 0; });
      return chosen.length ? "您选择“" + chosen.map(function (code) { return field.choices[code]; }).join("、") + "”" : "您都没有选择";
    }
    return field.type === "number" || field.type === "date" ? "您填写 " + valueWords(field, answer) : "您选择“" + valueWords(field, answer) + "”";
  }
  function decidingWords(judged, field, answer) {
    var standing = judged.standing === "met" ? "符合" : judged.standing === "open" ? "还需回答" : judged.near ? "相差不多" : "不符合";
    return standing + "：" + clauseWords(judged.clause, field) + "（" + answerWords(field, answer) + "）";
  }
  root.gongkaiMatching = { judge: judge, decidingWords: decidingWords };

  function read(form, fields) {
    var answers = {}, wrong = [];
    Array.prototype.forEach.call(form.querySelectorAll("[data-question]"), function (box) {
      var code = box.dataset.question, field = fields[code], inputs = box.querySelectorAll("input, select"), note = box.querySelector("[data-wrong]");
      note.hidden = true;
      if (field.multiple) {
        var ticked = Array.prototype.filter.call(inputs, function (one) { return one.checked; }).map(function (one) { return one.value; });
        if (ticked.length) answers[code] = ticked.filter(function (one) { return one !== "-"; });
        return;
      }
      var text = field.type === "flag" || field.type === "choice"
        ? (Array.prototype.filter.call(inputs, function (one) { return one.checked; })[0] || { value: "" }).value : inputs[0].value.trim();
      if (!inputs[0].validity.valid || (field.type === "number" && text && !(Number(text) >= 0))) {
        note.hidden = false; wrong.push(inputs[0]); return;
      }
      if (text === "") return;
      answers[code] = field.type === "flag" ? text === "true" : field.type === "number" ? Number(text) : text;
    });
    if (wrong.length) { wrong[0].focus(); return null; }
    return answers;
  }
  function show(form, data) {
    var answers = read(form, data.fields), result = document.getElementById("match-result");
    if (!answers) return;
    var groups = {};
    VERDICTS.forEach(function (verdict) {
      groups[verdict] = result.querySelector("[data-verdict='" + verdict + "']");
      groups[verdict].hidden = true;
    });
    data.policies.forEach(function (policy) {
      var judged = judge(policy, answers), clause = judged.deciding.clause, line = document.getElementById("match-" + policy.policy);
      line.querySelector("[data-deciding]").textContent = decidingWords(judged.deciding, data.fields[clause.field], answers[clause.field]);
      var source = line.querySelector("[data-source]");
      source.textContent = "“" + clause.source + "”";
      source.href = policy.place + "#full-text:~:text=" + encodeURIComponent(clause.source);
      groups[judged.verdict].hidden = false;
      groups[judged.verdict].querySelector("ul").appendChild(line);
      line.hidden = false;
    });
    result.hidden = false;
    result.focus();
    result.scrollIntoView();
  }
  if (typeof document === "undefined") return;
  var form = document.querySelector("form[data-matching]");
  if (!form) return;
  var data = JSON.parse(form.dataset.matching);
  form.setAttribute("novalidate", "");
  form.addEventListener("submit", function (event) { event.preventDefault(); show(form, data); });
  var printer = document.querySelector("[data-print-list]");
  if (printer) printer.addEventListener("click", function () { window.print(); });
})(typeof window === "undefined" ? this : window);
