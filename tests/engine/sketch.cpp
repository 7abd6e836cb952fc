#include "sketch.hpp"

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <sstream>
#include <stdexcept>

namespace qualgraph::test {
namespace {

using nlohmann::json;

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) {
    if (!part.empty()) parts.push_back(part);
  }
  return parts;
}

std::string spaced(std::string text) {
  for (char& c : text) c = c == '_' ? ' ' : c;
  return text;
}

const json kSources = json::parse(R"([{"title": "Drawn for a test", "publisher": null, "year": null, "url": null, "evidence": "read"}])");

json framework(const std::vector<std::string>& head, const std::string& body) {
  json levels = json::array();
  std::optional<std::string> group;
  std::optional<std::string> parent;
  std::string code;
  const auto close = [&] {
    if (code.empty()) return;
    json level = {{"code", code}, {"rank", levels.size() + 1}, {"label", nullptr}};
    if (group) level["parallel"] = *group;
    if (parent) level["parent"] = *parent;
    levels.push_back(level);
    code.clear();
  };
  for (std::size_t i = 0; i < body.size(); ++i) {
    switch (body[i]) {
      case ' ': close(); break;
      case '(': group = body.substr(i + 1, body.find(')', i) - i - 1); break;
      case ')': close(); group.reset(); break;
      case '{': {
        const std::string above = code;
        close();
        parent = above;
        break;
      }
      case '}': close(); parent.reset(); break;
      default: code += body[i];
    }
  }
  close();
  json result = {{"id", head.front()}, {"name", "Framework " + head.front()}, {"jurisdiction", head.front()},
                 {"kind", "national"}, {"levels", levels}, {"levels_evidence", "read"},
                 {"qualification_types", json::array()}, {"sources", kSources}};
  for (std::size_t i = 1; i < head.size(); ++i) {
    if (head[i] != "hub") throw std::invalid_argument("a framework is no \"" + head[i] + "\"");
    result["hub"] = true;
    result["kind"] = "regional";
  }
  return result;
}

/// Rows of one document, gathered token by token.
struct Rows {
  json pairs = json::array();
  json known = json::array();
  json partial = json::array();
  json multi = json::array();
  json unmatched = json::array();
  json unmatched_to = json::array();
  json unresolved = json::array();
  std::map<std::string, json> splits;
  std::set<std::string> named;   ///< source levels that are placed or said to be unmatched
  bool open = false;

  void add(const std::string& token) {
    if (const auto wave = token.find('~'); wave != std::string::npos) {
      partial.push_back({{"from", token.substr(0, wave)}, {"to", token.substr(wave + 1)}, {"note", "in part"}});
      named.insert(token.substr(0, wave));
      return;
    }
    const auto dash = token.find('-');
    if (dash == std::string::npos || dash == 0 || dash + 1 == token.size()) throw std::invalid_argument("no row: " + token);
    const std::string from = token.substr(0, dash);
    std::string to = token.substr(dash + 1);
    if (to == "?") {
      unresolved.push_back({{"side", "from"}, {"level", from}, {"note", ""}});
      open = true;
    } else if (from == "?") {
      unresolved.push_back({{"side", "to"}, {"level", to}, {"note", ""}});
    } else if (from == "none") {
      const auto reason = std::min(to.find('('), to.size());
      unmatched_to.push_back(without_counterpart(to.substr(0, reason), to.substr(reason)));
    } else if (to.starts_with("none")) {
      named.insert(from);
      unmatched.push_back(without_counterpart(from, to.substr(4)));
    } else {
      named.insert(from);
      add_pairs(from, to);
    }
  }

 private:
  static json without_counterpart(const std::string& level, const std::string& rest) {
    const bool reason = rest.starts_with("(") && rest.ends_with(")");
    return {{"level", level}, {"reason", reason ? spaced(rest.substr(1, rest.size() - 2)) : ""}};
  }

  void add_pairs(const std::string& from, std::string to) {
    const bool never_read = to.ends_with("?");
    if (never_read) to.pop_back();
    const auto colon = to.find(':');
    std::vector<std::string> targets = {to.substr(0, colon)};
    if (colon != std::string::npos) {
      splits[from].push_back({{"to", targets.front()}, {"when", spaced(to.substr(colon + 1))}, {"types", {spaced(to.substr(colon + 1))}}});
    } else if (to.find('+') != std::string::npos || to.find('/') != std::string::npos) {
      const bool span = to.find('+') != std::string::npos;
      targets = split(to, span ? '+' : '/');
      multi.push_back({{"from", from}, {"to", targets}, {"type", span ? "span" : "range"}, {"when", nullptr}});
    }
    for (const std::string& target : targets) {
      pairs.push_back({from, target});
      if (never_read) known.push_back({from, target});
    }
  }
};

json mapping(const std::vector<std::string>& head, const std::string& body, const std::map<std::string, std::size_t>& level_counts) {
  const std::string& name = head.front();
  const auto arrow = name.find('>');
  const auto at = name.find('@');
  const std::string from = name.substr(0, arrow);
  const std::string to = name.substr(arrow + 1, at == std::string::npos ? at : at - arrow - 1);
  json result = {{"from", from}, {"to", to}, {"kind", "referencing"}, {"status", "current"}, {"strength", "adopted"},
                 {"document", "About " + from + " and " + to}, {"sources", kSources}};
  result["year"] = at == std::string::npos ? json(nullptr) : json(std::stoi(name.substr(at + 1)));
  result["id"] = from + ">" + to + "@" + (at == std::string::npos ? "nd" : name.substr(at + 1));
  result["document_id"] = result["id"];
  Rows rows;
  for (const std::string& token : split(body, ' ')) rows.add(token);
  for (auto& [level, cases] : rows.splits) {
    json targets = json::array();
    for (const json& each : cases) targets.push_back(each.at("to"));
    rows.multi.push_back({{"from", level}, {"to", targets}, {"type", "split"}, {"when", cases}});
  }
  result["pairs"] = rows.pairs;
  result["partial"] = rows.partial;
  result["multi"] = rows.multi;
  result["unmatched"] = rows.unmatched;
  result["unmatched_to"] = rows.unmatched_to;
  result["unresolved"] = rows.unresolved;
  result["pairs_evidence"] = rows.known.empty() ? "read" : "mixed";
  if (!rows.known.empty()) result["pairs_known"] = rows.known;
  result["pairs_complete"] = !rows.open && level_counts.contains(from) && rows.named.size() == level_counts.at(from);
  for (std::size_t i = 1; i < head.size(); ++i) {
    const std::string& word = head[i];
    const auto equals = word.find('=');
    const std::string key = word.substr(0, equals);
    const std::string value = equals == std::string::npos ? "" : word.substr(equals + 1);
    if (word == "referencing" || word == "alignment" || word == "comparison" || word == "self-certification" || word == "bilateral") {
      result["kind"] = word;
    } else if (word == "current" || word == "superseded" || word == "draft" || word == "not-endorsed") {
      result["status"] = word;
    } else if (word == "adopted" || word == "joint" || word == "third-party") {
      result["strength"] = word;
    } else if (word == "join") {
      result["join"] = true;
    } else if (word == "block") {
      result["fit"] = "block";
    } else if (word == "note") {
      result["compatibility_note"] = true;
    } else if (word == "unusable") {
      result["usable_for_recognition"] = false;
    } else if (word == "known") {
      result["pairs_evidence"] = "known";
    } else if (key == "doc") {
      result["document_id"] = value;
    } else if (key == "since") {
      result["valid_from"] = value;
    } else if (key == "until") {
      result["valid_until"] = value;
    } else if (key == "derived") {
      result["derived_from"] = split(value, ',');
    } else {
      throw std::invalid_argument("a document is no \"" + word + "\"");
    }
  }
  return result;
}

std::string joined(const std::vector<std::string>& levels) {
  std::string text;
  for (const std::string& each : levels) text += (text.empty() ? "" : "+") + each;
  return text;
}

}  // namespace

std::vector<FactFile> draw(std::span<const std::string> lines) {
  std::vector<FactFile> files;
  std::map<std::string, std::size_t> level_counts;
  const auto parts = [](const std::string& line) {
    // Ids and words hold no ": ", rows may hold a colon.
    const auto colon = line.find(": ");
    const auto end = colon == std::string::npos && line.ends_with(":") ? line.size() - 1 : colon;
    if (end == std::string::npos) throw std::invalid_argument("neither framework nor document: " + line);
    return std::pair{split(line.substr(0, end), ' '), line.substr(std::min(end + 2, line.size()))};
  };
  for (const std::string& line : lines) {
    const auto [head, body] = parts(line);
    if (head.front().find('>') != std::string::npos) continue;
    const json fact = framework(head, body);
    level_counts[head.front()] = fact.at("levels").size();
    files.push_back({"frameworks/" + head.front() + ".json", fact.dump()});
  }
  for (const std::string& line : lines) {
    const auto [head, body] = parts(line);
    if (head.front().find('>') == std::string::npos) continue;
    const json fact = mapping(head, body, level_counts);
    const json document = {{"document_id", fact.at("document_id")}, {"document", fact.at("document")}, {"mappings", {fact}}};
    files.push_back({"mappings/" + std::to_string(files.size()) + ".json", document.dump()});
  }
  return files;
}

World sketch_lines(std::span<const std::string> lines) { return load_facts(draw(lines)); }

std::string shown(const LevelAnswer& answer) {
  switch (answer.status) {
    case AnswerStatus::mapped: return joined(answer.possible) + (answer.complete ? "" : "?") + (answer.peer ? "peer" : "");
    case AnswerStatus::no_counterpart: return "none";
    case AnswerStatus::conflict: return "clash " + joined(answer.possible);
    case AnswerStatus::no_route: return "-";
    case AnswerStatus::unknown_edition: return "undated";
  }
  return "";
}

std::string table(const World& world, std::string_view from, std::string_view to, const MapOptions& options) {
  std::string text;
  for (const LevelAnswer& answer : map_framework(world, FrameworkId{from}, FrameworkId{to}, options)) {
    text += (text.empty() ? "" : " ") + answer.from.code + ":" + shown(answer);
  }
  return text;
}

std::vector<std::string> routes(const LevelAnswer& answer) {
  std::vector<std::string> result;
  for (const RouteAnswer& route : answer.routes) {
    std::string text;
    for (const MappingId& mapping : route.mappings) text += mapping.str() + " ";
    if (!route.possible.empty()) text += joined(route.possible) + (route.complete ? " " : "? ");
    result.push_back(text + to_string(route.status));
  }
  return result;
}

}  // namespace qualgraph::test
