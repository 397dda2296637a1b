#pragma once

#include <gtest/gtest.h>
#include <libxml/parser.h>
#include <libxml/tree.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

// A document of a call as a reader of XML sees it, for tests.
namespace mailrota::providers {

struct Element {
    std::string name;
    std::map<std::string, std::string> attributes;
    std::string text;  // its own, without its children's
    std::vector<Element> children;

    const Element* child(std::string_view wanted) const {
        for (const Element& each : children)
            if (each.name == wanted) return &each;
        return nullptr;
    }
    // The texts of its <Say>, one after the other.
    std::string said() const {
        std::string words;
        for (const Element& each : children)
            if (each.name == "Say") words += (words.empty() ? "" : " ") + each.text;
        return words;
    }
    // "Say Pause Gather Say Hangup"
    std::string outline() const {
        std::string names;
        for (const Element& each : children) names += (names.empty() ? "" : " ") + each.name;
        return names;
    }
};

inline std::string text_of(xmlChar* text) {
    std::string copy = text == nullptr ? "" : reinterpret_cast<const char*>(text);
    xmlFree(text);
    return copy;
}

inline Element element_of(const xmlNode* node) {
    Element element;
    element.name = reinterpret_cast<const char*>(node->name);
    for (const xmlAttr* each = node->properties; each != nullptr; each = each->next)
        element.attributes[reinterpret_cast<const char*>(each->name)] =
            text_of(xmlGetProp(const_cast<xmlNode*>(node), each->name));
    for (const xmlNode* each = node->children; each != nullptr; each = each->next) {
        if (each->type == XML_ELEMENT_NODE) {
            element.children.push_back(element_of(each));
        } else {
            element.text += text_of(xmlNodeGetContent(const_cast<xmlNode*>(each)));
        }
    }
    return element;
}

// The root of a well-formed document; an element without a name, and a failed test, of another.
inline Element read_document(const std::string& xml) {
    const std::unique_ptr<xmlDoc, decltype(&xmlFreeDoc)> document(
        xmlReadMemory(xml.data(), static_cast<int>(xml.size()), nullptr, nullptr,
                      XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NONET),
        xmlFreeDoc);
    EXPECT_TRUE(document) << "not well-formed: " << xml.substr(0, 500);
    return document ? element_of(xmlDocGetRootElement(document.get())) : Element{};
}

}  // namespace mailrota::providers
