#include "qualgraph/definition/definition.hpp"
#include "qualgraph/facts/detail/cursor.hpp"
#include "qualgraph/facts/detail/json_text.hpp"
#include "qualgraph/facts/detail/readers.hpp"
#include "qualgraph/model/error.hpp"
#include "qualgraph/model/suggest.hpp"

#include <algorithm>
#include <functional>
#include <set>
#include <utility>

namespace qualgraph {
namespace {

using detail::Cursor;
using Kind = Test::Kind;

/// Reads definitions one by one; tests are shared, references resolved at the end.
class Reader {
 public:
  explicit Reader(const World& world) : world_(&world), faults_(1'000) {}

  void read(const FactRecord& record) {
    std::size_t values_left = 100'000;
    const detail::JsonText text = detail::parse_json(record.json, 32, values_left);
    if (text.fault) {
      faults_.add({record.file, text.fault->pointer, text.fault->found, text.fault->expected});
      return;
    }
    const Cursor at(text.value, record.file, "", faults_);
    Definition definition = definition_of(at);
    definition.json = record.json;
    set_.list.push_back(std::move(definition));
    files_.push_back(record.file);
  }

  std::shared_ptr<const Definitions> finish() {
    // Names are known only when all are read.
    for (std::size_t i = 0; i < set_.list.size(); ++i) {
      for_each_formula(set_.list[i],
                       [&](Formula& formula, const std::string& pointer) { resolve(formula, files_[i], pointer); });
    }
    check_circles();
    std::set<int> deciding;
    for (auto& definition : set_.list) {
      for_each_clause(definition, [&](DefinitionClause& clause, const std::string&) {
        if (clause.kind == ClauseKind::descriptive || !clause.test) return;
        walk(*clause.test, "", [&](Formula& formula, const std::string&) {
          if (formula.kind == Formula::Kind::test) deciding.insert(formula.test);
        });
      });
    }
    set_.deciding.assign(deciding.begin(), deciding.end());
    if (!faults_.list.empty()) throw FactError(std::move(faults_.list));
    return std::make_shared<const Definitions>(std::move(set_));
  }

 private:
  Definition definition_of(const Cursor& at) {
    at.only_keys({"id", "term", "issuer", "jurisdiction", "framework", "edition", "year", "status", "policy",
                  "parameters", "clauses", "kinds", "sources", "notes"});
    Definition definition;
    definition.id = at.string("id");
    definition.term = at.maybe_string("term").value_or("");
    definition.issuer = at.string("issuer");
    definition.jurisdiction = at.string("jurisdiction");
    definition.edition = at.maybe_string("edition").value_or("");
    definition.status = at.maybe_string("status").value_or("");
    definition.policy = at.maybe_string("policy").value_or("");
    definition.notes = at.maybe_string("notes").value_or("");
    definition.year = at.maybe_year("year");
    if (at.has("framework")) definition.framework = framework(at.at("framework"));
    if (at.has("parameters")) {
      for (const auto& [key, value] : at.at("parameters").json().items()) {
        const Cursor one = at.at("parameters").at(key);
        one.only_keys({"what", "default"});
        definition.parameters[key] = one.string("what");
        if (one.has("default")) one.fault_at("default", one.at("default").shown(), "null: the text gives no number");
      }
    }
    definition.sources = detail::read_sources(at);
    if (definition.sources.empty()) at.fault_at("sources", at.at("sources").shown(), "at least one source");
    definition.clauses = clauses(at, definition);
    for (const Cursor& each : at.items("kinds")) {
      each.only_keys({"id", "term", "clauses"});
      definition.classes.push_back({each.string("id"), each.string("term"), clauses(each, definition)});
    }
    return definition;
  }

  std::vector<DefinitionClause> clauses(const Cursor& at, const Definition& definition) {
    std::vector<DefinitionClause> list;
    std::set<std::string> ids;
    if (!at.at("clauses").json().is_array()) at.fault_at("clauses", at.at("clauses").shown(), "a list of clauses");
    for (const Cursor& each : at.items("clauses")) {
      if (!each.is_object()) {
        each.fault(each.shown(), "a clause: an object with id, kind, text and test");
        continue;
      }
      each.only_keys({"id", "kind", "text", "test", "reading", "evidence", "source"});
      DefinitionClause clause;
      clause.id = each.string("id");
      if (!ids.insert(clause.id).second) each.fault_at("id", in_quotes(clause.id) + " a second time", "each id once");
      clause.kind =
          static_cast<ClauseKind>(each.word("kind", {"constitutive", "exceptional", "descriptive"}, std::nullopt));
      clause.text = each.string("text");
      clause.reading = each.maybe_string("reading").value_or("");
      clause.evidence = each.word("evidence", {"read", "known"}, std::nullopt) == 0 ? Evidence::read : Evidence::known;
      if (const auto title = each.maybe_string("source")) {
        const auto found = std::ranges::find(definition.sources, *title, &Source::title);
        if (found == definition.sources.end()) {
          each.fault_at("source", in_quotes(*title), "the title of one of the sources of the definition");
        } else {
          clause.sources.push_back(*found);
        }
      } else {
        clause.sources = definition.sources;
      }
      if (each.has("test")) {
        clause.test = formula(each.at("test"), definition, 0);
      } else if (clause.kind != ClauseKind::descriptive) {
        each.fault_at("test", "nothing", "a test; only a descriptive clause may go without");
      }
      list.push_back(std::move(clause));
    }
    return list;
  }

  Formula formula(const Cursor& at, const Definition& definition, int depth) {
    Formula result;
    const auto many = [&](std::string_view key, Formula::Kind kind) {
      at.only_keys({key});
      result.kind = kind;
      for (const Cursor& each : at.items(key)) result.parts.push_back(formula(each, definition, depth + 1));
      if (result.parts.empty()) at.fault_at(key, at.at(key).shown(), "a list of tests, not empty");
    };
    if (!at.is_object()) {
      at.fault(at.shown(), "a test: an object");
    } else if (at.has("all")) {
      many("all", Formula::Kind::all);
    } else if (at.has("any")) {
      many("any", Formula::Kind::any);
    } else if (at.has("not")) {
      at.only_keys({"not"});
      result.kind = Formula::Kind::none_of;
      result.parts.push_back(formula(at.at("not"), definition, depth + 1));
    } else if (at.has("meets")) {
      at.only_keys({"meets"});
      result.kind = Formula::Kind::meets;
      result.name = at.string("meets");
    } else {
      result.test = add(test(at, definition));
    }
    return result;
  }

  Test test(const Cursor& at, const Definition& definition) {
    Test test;
    if (at.has("attribute")) {
      attribute_test(at, test);
    } else if (at.has("size")) {
      at.only_keys({"size"});
      size_test(at.at("size"), definition, test);
    } else if (at.has("number")) {
      at.only_keys({"number"});
      const Cursor number = at.at("number");
      number.only_keys({"attribute", "at_least", "above", "at_most", "below"});
      test.kind = Kind::number;
      test.attribute = attribute(number.at("attribute"), {AttributeKind::number});
      const Cursor bound = bound_of(number, test);
      if (const auto amount = detail::read_number(bound)) test.bound.amount = *amount;
    } else if (at.has("smaller_than_award_of")) {
      at.only_keys({"smaller_than_award_of"});
      test.kind = Kind::below_award;
      test.framework = framework(at.at("smaller_than_award_of"));
    } else if (at.has("level")) {
      at.only_keys({"level"});
      level_test(at.at("level"), test);
    } else {
      at.fault(at.shown(), "a test: attribute, size, number, smaller_than_award_of, level, meets, all, any or not");
    }
    return test;
  }

  void attribute_test(const Cursor& at, Test& test) {
    at.only_keys({"attribute", "is", "one_of", "any_of", "all_of", "stated"});
    const auto words = [&](std::string_view key) {
      for (const Cursor& each : at.items(key)) {
        std::string word = each.text();
        const auto& choices = info(test.attribute).choices;
        if (!choices.empty() && std::ranges::find(choices, std::string_view(word)) == choices.end()) {
          std::vector<std::string> known(choices.begin(), choices.end());
          each.fault(each.shown(),
                     "a word of " + std::string(info(test.attribute).name) + "." + did_you_mean(word, known));
        }
        if (test.attribute == Attribute::listed_on) word = framework(each).str();
        test.words.push_back(std::move(word));
      }
      std::ranges::sort(test.words);
      if (test.words.empty()) at.fault_at(key, at.at(key).shown(), "a list of words, not empty");
    };
    if (at.at("is").json().is_boolean()) {
      test.kind = Kind::flag;
      test.attribute = attribute(at.at("attribute"), {AttributeKind::flag});
      test.flag = at.at("is").json().get<bool>();
    } else if (at.has("is")) {
      test.kind = Kind::one_of;
      test.attribute = attribute(at.at("attribute"), {AttributeKind::word});
      test.words.push_back(at.string("is"));
    } else if (at.has("one_of")) {
      test.kind = Kind::one_of;
      test.attribute = attribute(at.at("attribute"), {AttributeKind::word});
      words("one_of");
    } else if (at.has("any_of")) {
      test.kind = Kind::any_of;
      test.attribute = attribute(at.at("attribute"), {AttributeKind::words});
      words("any_of");
    } else if (at.has("all_of")) {
      test.kind = Kind::all_of;
      test.attribute = attribute(at.at("attribute"), {AttributeKind::words});
      words("all_of");
    } else if (at.has("stated")) {
      test.kind = Kind::stated;
      test.attribute = attribute(at.at("attribute"), {AttributeKind::text});
      test.flag = at.maybe_boolean("stated").value_or(true);
      if (test.attribute == Attribute::title)
        at.fault_at("attribute", "title", "an attribute other than the title: a name proves nothing");
    } else {
      at.fault(at.shown(), "what the attribute has to be: is, one_of, any_of, all_of or stated");
    }
  }

  void size_test(const Cursor& at, const Definition& definition, Test& test) {
    at.only_keys({"at_least", "above", "at_most", "below"});
    test.kind = Kind::size;
    const Cursor bound = bound_of(at, test);
    if (bound.is_object()) {
      bound.only_keys({"parameter"});
      test.kind = Kind::small;
      test.parameter = bound.string("parameter");
      if (test.lower || test.strict)
        bound.fault("a parameter as another bound", "a parameter as a greatest size: at_most");
      if (!definition.parameters.contains(test.parameter)) {
        bound.fault_at("parameter", in_quotes(test.parameter), "a parameter that the definition declares");
      }
      return;
    }
    try {
      test.bound = Size::parse(bound.text());
    } catch (const Error&) {
      bound.fault(bound.shown(), "a size such as \"5 nz-credit\" or \"30 hours\"");
      return;
    }
    const auto& system = test.bound.unit.system;
    if (system && world_->find(*system) == nullptr) {
      std::vector<std::string> known;
      for (const auto& each : world_->credit_systems()) known.push_back(each->id.str());
      bound.fault(bound.shown(), "hours, or a credit system that is loaded." + did_you_mean(system->str(), known));
    }
  }

  void level_test(const Cursor& at, Test& test) {
    if (at.has("on")) {
      at.only_keys({"on"});
      test.kind = Kind::on_framework;
      test.framework = framework(at.at("on"));
      return;
    }
    at.only_keys({"framework", "at_least", "at_most"});
    test.kind = Kind::level_range;
    test.framework = framework(at.at("framework"));
    test.low = at.maybe_string("at_least").value_or("");
    test.high = at.maybe_string("at_most").value_or("");
    if (test.low.empty() && test.high.empty()) at.fault(at.shown(), "at_least, at_most, or both");
    const Framework* found = world_->find(test.framework);
    for (const std::string_view key : {"at_least", "at_most"}) {
      if (found != nullptr && at.has(key) && found->index_of(at.at(key).text()) < 0) {
        at.fault_at(key, at.at(key).shown(), "a level of " + test.framework.str());
      }
    }
  }

  /// The one bound of a test; notes on which side it lies.
  static Cursor bound_of(const Cursor& at, Test& test) {
    int given = 0;
    std::string_view chosen = "at_least";
    for (const std::string_view key : {"at_least", "above", "at_most", "below"}) {
      if (!at.has(key)) continue;
      ++given;
      chosen = key;
    }
    if (given != 1) at.fault(at.shown(), "one bound: at_least, above, at_most or below");
    test.lower = chosen == "at_least" || chosen == "above";
    test.strict = chosen == "above" || chosen == "below";
    return at.at(chosen);
  }

  static Attribute attribute(const Cursor& at, std::initializer_list<AttributeKind> kinds) {
    try {
      const Attribute found = attribute_of(at.text());
      if (std::ranges::find(kinds, info(found).kind) == kinds.end())
        at.fault(at.shown(), "an attribute that can be tested like this");
      return found;
    } catch (const UnknownId& error) {
      at.fault(at.shown(), error.what());
      return Attribute::assessed;
    }
  }

  FrameworkId framework(const Cursor& at) {
    FrameworkId id{at.text()};
    if (world_->find(id) == nullptr) {
      std::vector<std::string> known;
      for (const auto& each : world_->frameworks()) known.push_back(each->id.str());
      at.fault(at.shown(), "a framework that is loaded." + did_you_mean(id.str(), known));
    }
    return id;
  }

  int add(Test test) {
    const auto [found, fresh] = positions_.emplace(test.key(), static_cast<int>(set_.tests.size()));
    if (fresh) set_.tests.push_back(std::move(test));
    return found->second;
  }

  template <class Visit>
  static void walk(Formula& formula, const std::string& pointer, const Visit& visit) {
    visit(formula, pointer);
    const char* key = formula.kind == Formula::Kind::all   ? "/all/"
                      : formula.kind == Formula::Kind::any ? "/any/"
                                                           : "/not";
    for (std::size_t i = 0; i < formula.parts.size(); ++i) {
      walk(formula.parts[i], pointer + key + (formula.kind == Formula::Kind::none_of ? "" : std::to_string(i)), visit);
    }
  }

  template <class Visit>
  static void for_each_clause(Definition& definition, const Visit& visit) {
    const auto each = [&](std::vector<DefinitionClause>& clauses, const std::string& pointer) {
      for (std::size_t i = 0; i < clauses.size(); ++i) visit(clauses[i], pointer + "/clauses/" + std::to_string(i));
    };
    each(definition.clauses, "");
    for (std::size_t k = 0; k < definition.classes.size(); ++k)
      each(definition.classes[k].clauses, "/kinds/" + std::to_string(k));
  }

  template <class Visit>
  static void for_each_formula(Definition& definition, const Visit& visit) {
    for_each_clause(definition, [&](DefinitionClause& clause, const std::string& pointer) {
      if (clause.test) walk(*clause.test, pointer + "/test", visit);
    });
  }

  void resolve(Formula& formula, const std::string& file, const std::string& pointer) {
    if (formula.kind != Formula::Kind::meets) return;
    for (std::size_t i = 0; i < set_.list.size(); ++i) {
      if (set_.list[i].id == formula.name) formula.definition = static_cast<int>(i);
    }
    if (formula.definition < 0) {
      std::vector<std::string> known;
      for (const auto& each : set_.list) known.push_back(each.id);
      faults_.add({file, pointer + "/meets", in_quotes(formula.name),
                   "a definition that is loaded." + did_you_mean(formula.name, known)});
    } else if (!set_.list[static_cast<std::size_t>(formula.definition)].tested()) {
      faults_.add({file, pointer + "/meets", in_quotes(formula.name), "a definition with a clause that is tested"});
    }
  }

  /// A definition that rests on itself would never be decided.
  void check_circles() {
    enum class Mark : std::uint8_t { fresh, open, done };
    std::vector<Mark> marks(set_.list.size(), Mark::fresh);
    const std::function<void(std::size_t)> visit = [&](std::size_t i) {
      marks[i] = Mark::open;
      for_each_formula(set_.list[i], [&](Formula& formula, const std::string& pointer) {
        if (formula.kind != Formula::Kind::meets || formula.definition < 0) return;
        const auto other = static_cast<std::size_t>(formula.definition);
        if (marks[other] == Mark::open) {
          faults_.add(
              {files_[i], pointer + "/meets", in_quotes(formula.name), "a definition that does not rest on this one"});
        } else if (marks[other] == Mark::fresh) {
          visit(other);
        }
      });
      marks[i] = Mark::done;
    };
    for (std::size_t i = 0; i < set_.list.size(); ++i) {
      if (marks[i] == Mark::fresh) visit(i);
    }
  }

  const World* world_;
  detail::Faults faults_;
  Definitions set_;
  std::vector<std::string> files_;
  std::map<std::string, int> positions_;
};

}  // namespace

const char* to_string(ClauseKind kind) noexcept {
  switch (kind) {
    case ClauseKind::constitutive:
      return "constitutive";
    case ClauseKind::exceptional:
      return "exceptional";
    case ClauseKind::descriptive:
      return "descriptive";
  }
  return "descriptive";
}

Size Size::parse(std::string_view text) {
  const auto space = text.find(' ');
  if (space == std::string_view::npos)
    throw InvalidValue(in_quotes(text) + " is no size; write \"5 nz-credit\" or \"30 hours\"");
  Size size;
  size.amount = Rational::parse(text.substr(0, space));
  if (size.amount < Rational(0)) throw InvalidValue(in_quotes(text) + " is no size: it is negative");
  const std::string_view unit = text.substr(space + 1);
  if (unit.empty() || unit.find(' ') != std::string_view::npos) {
    throw InvalidValue(in_quotes(text) + " is no size; write \"5 nz-credit\" or \"30 hours\"");
  }
  if (unit != "hours" && unit != "hour") size.unit.system = CreditSystemId{std::string(unit)};
  return size;
}

std::string Size::str() const {
  return amount.str() + " " + (!unit.system && amount == Rational(1) ? "hour" : unit.str());
}

bool Definition::tested() const noexcept {
  return std::ranges::any_of(clauses,
                             [](const DefinitionClause& clause) { return clause.kind != ClauseKind::descriptive; });
}

std::size_t Definitions::index_of(std::string_view id) const {
  std::vector<std::string> known;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list[i].id == id) return i;
    known.push_back(list[i].id);
  }
  throw UnknownId("no definition " + in_quotes(id) + "." + did_you_mean(id, known));
}

std::string Test::key() const {
  std::string text = std::to_string(static_cast<int>(kind)) + "|";
  switch (kind) {
    case Kind::flag:
    case Kind::stated:
      return text + std::string(info(attribute).name) + (flag ? "+" : "-");
    case Kind::one_of:
    case Kind::any_of:
    case Kind::all_of:
      text += info(attribute).name;
      for (const auto& word : words) text += "|" + word;
      return text;
    case Kind::number:
      text += info(attribute).name;
      [[fallthrough]];
    case Kind::size:
      return text + (lower ? ">" : "<") + (strict ? "!" : "=") + bound.str();
    case Kind::small:
      return text + parameter + (strict ? "!" : "=");
    case Kind::below_award:
    case Kind::on_framework:
      return text + framework.str();
    case Kind::level_range:
      return text + framework.str() + "|" + low + "|" + high;
  }
  return text;
}

std::string Test::str() const {
  const auto joined = [&](const char* last) {
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i) {
      text += (i == 0 ? "" : i + 1 == words.size() ? std::string(" ") + last + " " : ", ") + words[i];
    }
    return text;
  };
  const std::string name(info(attribute).name);
  const std::string side = lower ? (strict ? "more than " : "at least ") : (strict ? "less than " : "at most ");
  switch (kind) {
    case Kind::flag:
      return name + (flag ? ": yes" : ": no");
    case Kind::stated:
      return name + (flag ? " named" : " not named");
    case Kind::one_of:
      return name + ": " + joined("or");
    case Kind::any_of:
      return name + ": " + joined("or");
    case Kind::all_of:
      return name + ": " + joined("and");
    case Kind::number:
      return name + " " + side + bound.amount.str();
    case Kind::size:
      return side + bound.str();
    case Kind::small:
      return side + "what \"" + parameter + "\" means";
    case Kind::below_award:
      return "smaller than an award of " + framework.str();
    case Kind::on_framework:
      return "a level of " + framework.str();
    case Kind::level_range:
      return framework.str() + " " + (low.empty() ? "up to" : low + " to") + " " + (high.empty() ? "the top" : high);
  }
  return name;
}

std::vector<Attribute> attributes_of(const Test& test) {
  switch (test.kind) {
    case Kind::size:
    case Kind::small:
      return {Attribute::hours, Attribute::credits};
    case Kind::below_award:
      return {Attribute::hours, Attribute::credits, Attribute::smaller_than_award};
    case Kind::on_framework:
    case Kind::level_range:
      return {Attribute::level};
    case Kind::number:
      if (test.attribute == Attribute::weeks || test.attribute == Attribute::months)
        return {Attribute::weeks, Attribute::months};
      return {test.attribute};
    default:
      return {test.attribute};
  }
}

std::string to_string(const Definitions& set, const Formula& formula) {
  const auto joined = [&](const char* word) {
    std::string text;
    for (const auto& part : formula.parts) {
      const bool bare = part.kind == Formula::Kind::test || part.kind == Formula::Kind::meets;
      const std::string one = to_string(set, part);
      text += (text.empty() ? "" : std::string(" ") + word + " ") + (bare ? one : "(" + one + ")");
    }
    return text;
  };
  switch (formula.kind) {
    case Formula::Kind::test:
      return set.tests[static_cast<std::size_t>(formula.test)].str();
    case Formula::Kind::meets:
      return "meets " + formula.name;
    case Formula::Kind::none_of:
      return "not (" + to_string(set, formula.parts.front()) + ")";
    case Formula::Kind::all:
      return joined("and");
    case Formula::Kind::any:
      return joined("or");
  }
  return "";
}

Shared<Definitions> definitions(const World& world) {
  return world.derived<Definitions>([](const World& all) {
    Reader reader(all);
    for (const auto& record : all.records()) {
      if (record->kind == RecordKind::definition) reader.read(*record);
    }
    return reader.finish();
  });
}

}  // namespace qualgraph
