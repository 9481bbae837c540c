// Lists and dictionaries of modules and parameters.
#include "case.h"

#include <sstream>

namespace nn = torch::nn;
using against::refuses;
using against::value;

namespace {

// The characters of what operator<< writes.
template <class T>
torch::Tensor printed(const T& module) {
  std::ostringstream out;
  out << module;
  const std::string text = out.str();
  return torch::tensor(std::vector<int64_t>(text.begin(), text.end()), torch::kLong);
}

void names(const std::string& what, const nn::Module& module) {
  std::string all;
  for (const auto& item : module.named_parameters()) all += item.key() + " ";
  value(what + " " + all, static_cast<double>(module.named_parameters().size()));
}

struct Count : nn::Module {
  explicit Count(int value_) : value(value_) {}
  int value;
};

}  // namespace

AGAINST(module_list) {
  nn::ModuleList list(nn::Linear(3, 4), nn::Dropout(0.25), std::make_shared<nn::LinearImpl>(2, 2));
  list->push_back(nn::LinearImpl(1, 2));
  list->insert(4, nn::ReLU());
  value("printed", printed(list));
  value("nested", printed(nn::ModuleList(list, nn::ModuleList(nn::Identity()))));
  names("names", *list);
  value("weight", list->at<nn::LinearImpl>(0).weight);
  value("size", static_cast<double>(list->size()));
  const auto copy = std::dynamic_pointer_cast<nn::ModuleListImpl>(list->clone());
  value("clone", copy->at<nn::LinearImpl>(3).weight);
  value("clone's size", static_cast<double>(copy->size()));
  refuses("ptr", [&] { list->ptr(5); });
  refuses("insert", [&] { list->insert(7, nn::ReLU()); });
  value("of another type", list->ptr<nn::LinearImpl>(1) == nullptr);
  nn::ModuleList other;
  value("empty", other->is_empty());
  other->extend(*list);
  value("extended", printed(other));
}

AGAINST(module_dict) {
  torch::OrderedDict<std::string, std::shared_ptr<nn::Module>> modules;
  modules.insert("linear", nn::Linear(3, 2).ptr());
  modules.insert("drop", nn::Dropout().ptr());
  nn::ModuleDict dict(modules);
  value("printed", printed(dict));
  names("names", *dict);
  value("weight", dict->at<nn::LinearImpl>("linear").weight);
  std::vector<std::pair<std::string, std::shared_ptr<nn::Module>>> more;
  more.emplace_back("drop", nn::ReLU().ptr());
  more.emplace_back("last", nn::Identity().ptr());
  dict->update(more);
  value("updated", printed(dict));
  dict->update(*nn::ModuleDict(more));
  value("size", static_cast<double>(dict->size()));
  value("contains", dict->contains("last") + 2 * dict->contains("first"));
  value("clone", std::dynamic_pointer_cast<nn::ModuleDictImpl>(dict->clone())->at<nn::LinearImpl>("linear").bias);
  value("pop", dict->pop("linear")->as<nn::Linear>()->bias);
  value("after pop", static_cast<double>(dict->size()));
  refuses("pop again", [&] { dict->pop("linear"); });
  refuses("lookup", [&] { dict["linear"]; });
  dict->clear();
  value("cleared", dict->empty());
}

AGAINST(parameter_containers) {
  nn::ParameterList list(torch::ones({2, 3}), torch::zeros({4}, torch::requires_grad()));
  list->append(torch::ones({}, torch::kDouble));
  list->extend(std::vector<torch::Tensor>{torch::ones({1}, torch::kLong)});
  value("printed", printed(list));
  for (size_t i = 0; i < list->size(); ++i) {
    value("requires grad " + std::to_string(i), list->at(i).requires_grad());
  }
  nn::ParameterList sum(torch::ones({1}));
  *sum += *list;
  names("sum", *sum);
  refuses("at", [&] { list->at(4); });
  nn::ParameterDict dict;
  dict->insert("b", torch::full({2}, 3.0, torch::requires_grad()));
  dict->insert("a", torch::full({1, 2}, 4.0));
  value("dict", printed(dict));
  names("dict's names", *dict);
  value("get", dict->get("a"));
  refuses("insert", [&] { dict->insert("a", torch::ones({1})); });
  value("pop", dict->pop("b"));
  value("contains", dict->contains("b"));
  torch::OrderedDict<std::string, torch::Tensor> other;
  other.insert("a", torch::zeros({5}));
  dict->update(other);
  value("updated", printed(dict));
  value("constructed", printed(nn::ParameterDict(other)));
}

AGAINST(apply_in_all_forms) {
  auto list = std::make_shared<nn::ModuleListImpl>(nn::Linear(1, 1), nn::ModuleList(Count(1), Count(2)));
  const nn::ModuleListImpl& constant = *list;
  std::string order;
  list->apply([&](nn::Module& module) { order += module.name()[0]; });
  list->apply([&](const nn::Module& module) { order += module.name()[1]; });
  list->apply([&](const std::string& name, nn::Module&) { order += name + ","; });
  list->apply([&](const std::string& name, const nn::Module&) { order += name + ";"; });
  list->apply([&](const std::shared_ptr<nn::Module>& module) { order += std::to_string(module->children().size()); });
  list->apply([&](const std::string& name, const std::shared_ptr<nn::Module>&) { order += name + ":"; }, "top");
  constant.apply([&](const nn::Module& module) { order += std::to_string(module.children().size()); });
  constant.apply([&](const std::string& name, const nn::Module&) { order += name + "."; }, "pre");
  value(order, static_cast<double>(order.size()));
}
