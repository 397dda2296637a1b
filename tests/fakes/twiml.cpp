#include "tests/fakes/twiml.h"

#include <libxml/parser.h>
#include <libxml/tree.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "tests/fakes/encoding.h"
#include "tests/fakes/twiml_check.h"

namespace mailrota::fakes {

namespace {

using Document = std::unique_ptr<xmlDoc, decltype(&xmlFreeDoc)>;

std::string_view view(const xmlChar* text) {
    return text ? std::string_view(reinterpret_cast<const char*>(text)) : std::string_view();
}

Document parse(std::string_view text) {
    constexpr int quietly = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA;
    return Document(xmlReadMemory(text.data(), static_cast<int>(text.size()), "twiml.xml", nullptr, quietly),
                    xmlFreeDoc);
}

std::string content_of(xmlNode* node) {
    const std::unique_ptr<xmlChar, decltype(xmlFree)> content(xmlNodeGetContent(node), xmlFree);
    return std::string(trimmed(view(content.get())));
}

Verb read_verb(xmlNode* node) {
    Verb verb;
    verb.name = view(node->name);
    for (const xmlAttr* attribute = node->properties; attribute; attribute = attribute->next)
        verb.attributes.emplace(view(attribute->name),
                                attribute->children ? content_of(attribute->children) : "");
    verb.text = content_of(node);
    for (xmlNode* child = node->children; child; child = child->next)
        if (child->type == XML_ELEMENT_NODE) verb.nested.push_back(read_verb(child));
    return verb;
}

/// Text between the verbs, where there must be none.
bool has_loose_text(const xmlNode* parent) {
    for (xmlNode* child = parent->children; child; child = child->next)
        if (child->type == XML_TEXT_NODE && !trimmed(view(child->content)).empty()) return true;
    return false;
}

/// Nothing if it is no such document; the verbs are not checked yet.
std::optional<Twiml> read_document(std::string_view text) {
    const Document document = parse(text);
    if (!document) return {};
    xmlNode* root = xmlDocGetRootElement(document.get());
    if (!root || view(root->name) != "Response") return {};
    Twiml twiml;
    if (has_loose_text(root)) twiml.faults.push_back({12200, true, "there is text between the verbs"});
    for (xmlNode* child = root->children; child; child = child->next)
        if (child->type == XML_ELEMENT_NODE) twiml.verbs.push_back(read_verb(child));
    return twiml;
}

Twiml not_twiml() {
    Twiml twiml;
    twiml.faults.push_back({12100, false, "Error on reading the document"});
    return twiml;
}

}  // namespace

std::string Verb::attribute(std::string_view attribute_name, std::string_view otherwise) const {
    const auto found = attributes.find(attribute_name);
    return found == attributes.end() ? std::string(otherwise) : found->second;
}

int Verb::number(std::string_view attribute_name, int otherwise) const {
    const auto value = attribute(attribute_name);
    if (value.empty() || value.size() > 8 || value.find_first_not_of("0123456789") != std::string::npos)
        return otherwise;
    return std::stoi(value);
}

bool Twiml::is_fatal() const {
    return std::any_of(faults.begin(), faults.end(), [](const TwimlFault& fault) { return !fault.warning; });
}

Twiml parse_twiml(std::string_view document) {
    auto twiml = read_document(document);
    if (!twiml) return not_twiml();
    check_verbs(twiml->verbs, twiml->faults);
    return *std::move(twiml);
}

Twiml parse_message_twiml(std::string_view document) {
    auto twiml = read_document(document);
    if (!twiml) return not_twiml();
    std::erase_if(twiml->verbs, [&](const Verb& verb) {
        if (verb.name == "Message") return false;
        twiml->faults.push_back({12200, true, "unknown verb " + verb.name});
        return true;
    });
    return *std::move(twiml);
}

}  // namespace mailrota::fakes
