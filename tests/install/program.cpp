// A user's program: nothing but the installed headers and the library.
#include <rondo/rondo.h>

#include <iostream>

int main() {
  auto x = rondo::ones({2, 2});
  std::cout << x << '\n';
}
