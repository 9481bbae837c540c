// Special functions against values that were computed with 40 digits.
#include <rondo/autograd/kernels/special.h>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>

namespace special = rondo::kernels::special;

namespace {

struct OfOne {
  const char* name;
  double (*f)(double);
  double x, y;
};
struct OfTwo {
  const char* name;
  double (*f)(double, double);
  double a, x, y;
};

double polygamma(double n, double x) { return special::polygamma(static_cast<int64_t>(n), x); }

constexpr OfOne kOfOne[] = {
    {"i0", &special::i0, 4.91607, 25.274167845265823},
    {"i0", &special::i0, 9.67148, 2062.4103078662771},
    {"i0", &special::i0, 11.8077, 15763.715442714737},
    {"i0", &special::i0, 17.698, 4.6371525202450084e+6},
    {"i0", &special::i0, 9.59594, 1920.0870427980466},
    {"i0", &special::i0, 16.893, 2.1227972996416293e+6},
    {"i0", &special::i0, 700.0, 1.5295933476718737e+302},
    {"i0", &special::i0, 0.0, 1.0},
    {"i0", &special::i0, 8.0, 427.56411572180479},
    {"i0", &special::i0, 8.1, 469.50060671012147},
    {"i0e", &special::i0e, -47.0995, 0.058286373058791904},
    {"i0e", &special::i0e, -3.43773, 0.22504099156674788},
    {"i0e", &special::i0e, 44.3357, 0.060085803801126894},
    {"i0e", &special::i0e, 14.8975, 0.10426277790097162},
    {"i0e", &special::i0e, 40.09, 0.063206756759747488},
    {"i0e", &special::i0e, -38.6794, 0.064356491649612661},
    {"i1", &special::i1, -1.23724, -0.7447853534285539},
    {"i1", &special::i1, -10.1371, -3044.4056705226448},
    {"i1", &special::i1, 1.75043, 1.2560569573460285},
    {"i1", &special::i1, 2.95765, 3.8053136224655693},
    {"i1", &special::i1, -19.4754, -2.5447095563399904e+7},
    {"i1", &special::i1, -11.3308, -9541.5856286977975},
    {"i1", &special::i1, 1e-09, 5.0000000000000003e-10},
    {"airy_ai", &special::airy_ai, -57.3, 0.16318162791728756},
    {"airy_ai", &special::airy_ai, -10.0, 0.040241238486443191},
    {"airy_ai", &special::airy_ai, -9.87, 0.1628231979795121},
    {"airy_ai", &special::airy_ai, -5.1, 0.30952599628731769},
    {"airy_ai", &special::airy_ai, -3.3, -0.41718093737455014},
    {"airy_ai", &special::airy_ai, -0.4, 0.4542256138886674},
    {"airy_ai", &special::airy_ai, 0.0, 0.35502805388781724},
    {"airy_ai", &special::airy_ai, 0.77, 0.17549974581052929},
    {"airy_ai", &special::airy_ai, 2.6, 0.013289282529671482},
    {"airy_ai", &special::airy_ai, 6.4, 3.6177623188517997e-6},
    {"airy_ai", &special::airy_ai, 9.999, 1.1082794184207916e-10},
    {"airy_ai", &special::airy_ai, 10.3, 4.2172819226260079e-11},
    {"airy_ai", &special::airy_ai, 61.7, 4.8121112803026057e-142},
    {"airy_ai_slope", &special::airy_ai_slope, -31.2, 0.99381870492623584},
    {"airy_ai_slope", &special::airy_ai_slope, -7.7, 0.73605241760464236},
    {"airy_ai_slope", &special::airy_ai_slope, -1.9, 0.56809171681229917},
    {"airy_ai_slope", &special::airy_ai_slope, 0.0, -0.2588194037928068},
    {"airy_ai_slope", &special::airy_ai_slope, 1.3, -0.12033386559018358},
    {"airy_ai_slope", &special::airy_ai_slope, 8.8, -1.35113493599557e-8},
    {"airy_ai_slope", &special::airy_ai_slope, 15.0, -8.4205679540177728e-18},
    {"i1e", &special::i1e, -22.0518, -0.083488789530123143},
    {"i1e", &special::i1e, 41.6345, 0.061266592066356958},
    {"i1e", &special::i1e, 26.5725, 0.076286138184332102},
    {"i1e", &special::i1e, -34.0396, -0.067617832536537598},
    {"i1e", &special::i1e, 29.7147, 0.072251775340791293},
    {"i1e", &special::i1e, -36.1233, -0.065681630538806227},
    {"k0", &special::k0, 18.5274, 2.5998602210897266e-9},
    {"k0", &special::k0, 3.80971, 0.013814231848293106},
    {"k0", &special::k0, 0.0632281, 2.8808138637191661},
    {"k0", &special::k0, 26.1434, 1.0799565028237421e-12},
    {"k0", &special::k0, 6.2916, 9.0831698677016072e-4},
    {"k0", &special::k0, 6.47228, 7.4787876218083404e-4},
    {"k0", &special::k0, 2.0, 0.11389387274953344},
    {"k0", &special::k0, 1e-10, 23.141782445598869},
    {"k0e", &special::k0e, 58.9454, 0.16290022672096261},
    {"k0e", &special::k0e, 52.3457, 0.17281922956227117},
    {"k0e", &special::k0e, 17.3654, 0.29865957378128218},
    {"k0e", &special::k0e, 57.6891, 0.16465694204140011},
    {"k0e", &special::k0e, 32.358, 0.21949090885546544},
    {"k0e", &special::k0e, 40.6731, 0.19592397968532151},
    {"k1", &special::k1, 6.15134, 1.139360957597584e-3},
    {"k1", &special::k1, 28.2299, 1.3130625068058751e-13},
    {"k1", &special::k1, 20.7224, 2.8047425850804061e-10},
    {"k1", &special::k1, 28.9973, 6.0122375804688074e-14},
    {"k1", &special::k1, 26.8133, 5.5587956385505461e-13},
    {"k1", &special::k1, 8.97068, 5.5329923893783307e-5},
    {"k1", &special::k1, 2.0, 0.13986588181652243},
    {"k1", &special::k1, 1e-10, 9.9999999999999996e+9},
    {"k1e", &special::k1e, 21.6778, 0.27377793165041856},
    {"k1e", &special::k1e, 9.9657, 0.41152124375037585},
    {"k1e", &special::k1e, 8.75066, 0.44124577275165644},
    {"k1e", &special::k1e, 3.91773, 0.68979034875093696},
    {"k1e", &special::k1e, 18.0885, 0.30069387267947075},
    {"k1e", &special::k1e, 36.1906, 0.21047542864002243},
    {"spherical_j1", &special::spherical_j1, 0.001, 3.333333000000012e-4},
    {"spherical_j1", &special::spherical_j1, 0.3, 0.099102888040641877},
    {"spherical_j1", &special::spherical_j1, 0.999, 0.30092945678572561},
    {"spherical_j1", &special::spherical_j1, 1.001, 0.30140772399522345},
    {"spherical_j1", &special::spherical_j1, 5.5, -0.15217269699743213},
    {"spherical_j1", &special::spherical_j1, 20.25, -5.9684741931704657e-3},
    {"erfcx", &special::erfcx, -3.88497, 7.1751847028286618e+6},
    {"erfcx", &special::erfcx, 19.0498, 0.029575923578144613},
    {"erfcx", &special::erfcx, 7.48849, 0.074686357722945968},
    {"erfcx", &special::erfcx, 6.53857, 0.085310747132439653},
    {"erfcx", &special::erfcx, 23.8296, 0.023655206674448825},
    {"erfcx", &special::erfcx, 12.3453, 0.045552280700830593},
    {"erfcx", &special::erfcx, 100000.0, 5.6418958351954681e-6},
    {"erfcx", &special::erfcx, -20.0, 1.0442939379528288e+174},
    {"erfcx", &special::erfcx, 0.0, 1.0},
    {"erfinv", &special::erfinv, -0.331572, -0.30285841815477659},
    {"erfinv", &special::erfinv, -0.0338069, -0.029969555256438764},
    {"erfinv", &special::erfinv, 0.368404, 0.33904474550140252},
    {"erfinv", &special::erfinv, -0.797398, -0.90097659171204176},
    {"erfinv", &special::erfinv, 0.855179, 1.0310118244801782},
    {"erfinv", &special::erfinv, -0.858842, -1.0405022580289757},
    {"erfinv", &special::erfinv, 1e-09, 8.8622692545275807e-10},
    {"erfinv", &special::erfinv, 0.999, 2.3267537655135245},
    {"erfinv", &special::erfinv, 0.9999999999990905, 5.05125408524939},
    {"erfinv", &special::erfinv, 0.9999999999999999, 5.8635847487551679},
    {"ndtri", &special::ndtri, 0.294922, -0.5390621083549986},
    {"ndtri", &special::ndtri, 0.331055, -0.43700185879210739},
    {"ndtri", &special::ndtri, 0.0168657, -2.1232680071598078},
    {"ndtri", &special::ndtri, 0.309341, -0.49771916216888902},
    {"ndtri", &special::ndtri, 0.14915, -1.0400858866951152},
    {"ndtri", &special::ndtri, 0.229837, -0.7393837613188942},
    {"ndtri", &special::ndtri, 1e-300, -37.047096299361199},
    {"ndtri", &special::ndtri, 1e-10, -6.3613409024040562},
    {"ndtri", &special::ndtri, 0.5625, 0.1573106846101707},
    {"ndtri", &special::ndtri, 0.75, 0.67448975019608174},
    {"log_ndtr", &special::log_ndtr, -39.5915, -788.34162605652942},
    {"log_ndtr", &special::log_ndtr, -37.8973, -722.65718711904296},
    {"log_ndtr", &special::log_ndtr, -31.8586, -511.86642570980415},
    {"log_ndtr", &special::log_ndtr, 2.9831, -1.4277424744430512e-3},
    {"log_ndtr", &special::log_ndtr, -31.1565, -489.72273506496884},
    {"log_ndtr", &special::log_ndtr, -5.99186, -20.686671236042504},
    {"log_ndtr", &special::log_ndtr, -1.0, -1.8410216450092635},
    {"log_ndtr", &special::log_ndtr, -200.0, -20006.21728089819},
    {"digamma", &special::digamma, 18.6001, 2.896044577630473},
    {"digamma", &special::digamma, 18.8467, 2.9095734439327036},
    {"digamma", &special::digamma, 6.9532, 1.865572528442546},
    {"digamma", &special::digamma, 7.16038, 1.8971121482585535},
    {"digamma", &special::digamma, 10.5416, 2.3071489721810701},
    {"digamma", &special::digamma, 15.5345, 2.7105317540300266},
    {"digamma", &special::digamma, -4.47054, 1.8967948546160865},
    {"digamma", &special::digamma, -1.33285, 2.4378738855767737},
    {"digamma", &special::digamma, -1.09359, 10.856652891835576},
    {"digamma", &special::digamma, -0.787498, -3.709303176623229},
};
constexpr OfTwo kOfTwo[] = {
    {"zeta", &special::zeta, 1.38939, 10.2648, 1.0571771334303985},
    {"zeta", &special::zeta, 8.57182, 27.7335, 1.7900883284656678e-12},
    {"zeta", &special::zeta, 1.82032, 16.3998, 0.12600399811882512},
    {"zeta", &special::zeta, 3.79185, 9.44227, 7.8601374721618903e-4},
    {"zeta", &special::zeta, 5.92554, 9.57232, 3.836406288792395e-6},
    {"zeta", &special::zeta, 8.35289, 5.40659, 1.0250758270675212e-6},
    {"zeta", &special::zeta, 2.0, 0.001, 1.0000016425331958e+6},
    {"gamma_lower", &special::gamma_lower, 0.01, 0.5, 0.99437324380603282},
    {"gamma_lower", &special::gamma_lower, 0.5, 0.3, 0.56142197391900014},
    {"gamma_lower", &special::gamma_lower, 3.0, 2.5, 0.45618688411667048},
    {"gamma_lower", &special::gamma_lower, 20.0, 15.0, 0.12478121503252482},
    {"gamma_lower", &special::gamma_lower, 150.0, 140.0, 0.20954362391860707},
    {"gamma_lower", &special::gamma_lower, 1000.0, 1010.0, 0.62767894473699473},
    {"gamma_lower", &special::gamma_lower, 0.3, 8.0, 0.99997576072630326},
    {"gamma_upper", &special::gamma_upper, 1e-10, 0.5, 5.5977359480549881e-11},
    {"gamma_upper", &special::gamma_upper, 0.01, 0.5, 5.6267561939671841e-3},
    {"gamma_upper", &special::gamma_upper, 0.5, 0.3, 0.43857802608099986},
    {"gamma_upper", &special::gamma_upper, 3.0, 40.0, 3.5728659287002263e-15},
    {"gamma_upper", &special::gamma_upper, 20.0, 25.0, 0.13357483408565041},
    {"gamma_upper", &special::gamma_upper, 150.0, 190.0, 1.1808353887494206e-3},
    {"gamma_upper", &special::gamma_upper, 1000.0, 990.0, 0.62047862146203606},
    {"gamma_upper", &special::gamma_upper, 0.5, 1.0, 0.15729920705028513},
    {"polygamma", &polygamma, 1.0, 0.3, 12.245364546107731},
    {"polygamma", &polygamma, 1.0, -2.7, 14.769375845132315},
    {"polygamma", &polygamma, 2.0, 1.5, -0.82879664423432},
    {"polygamma", &polygamma, 3.0, 10.25, 2.1465780199769066e-3},
    {"polygamma", &polygamma, 4.0, -0.4, 2032.5572680707374},
    {"polygamma", &polygamma, 2.0, -7.25, 124.00852603656573},
};

constexpr double kInf = std::numeric_limits<double>::infinity();
// Relative, for numbers that are not near a zero of the function.
constexpr double kTolerance = 2e-14;

}  // namespace

BOOST_AUTO_TEST_SUITE(special_functions)

BOOST_AUTO_TEST_CASE(functions_of_one_number) {
  for (const OfOne& row : kOfOne) {
    const double y = row.f(row.x);
    BOOST_TEST(std::abs(y - row.y) <= kTolerance * std::abs(row.y),
               row.name << "(" << row.x << ") is " << y << ", not " << row.y << ": off by " << (y - row.y) / row.y);
  }
}

BOOST_AUTO_TEST_CASE(functions_of_two_numbers) {
  for (const OfTwo& row : kOfTwo) {
    const double y = row.f(row.a, row.x);
    BOOST_TEST(std::abs(y - row.y) <= kTolerance * std::abs(row.y), row.name << "(" << row.a << ", " << row.x << ") is "
                                                                             << y << ", not " << row.y << ": off by "
                                                                             << (y - row.y) / row.y);
  }
}

BOOST_AUTO_TEST_CASE(the_ends_of_their_ranges) {
  BOOST_TEST(special::i0(kInf) == kInf);
  BOOST_TEST(special::i0e(kInf) == 0);
  BOOST_TEST(special::i1(-kInf) == -kInf);
  BOOST_TEST(special::k0(0) == kInf);
  BOOST_TEST(std::isnan(special::k1(-1)));
  BOOST_TEST(special::erfcx(kInf) == 0);
  BOOST_TEST(special::erfcx(-30) == kInf);
  BOOST_TEST(special::erfinv(-1) == -kInf);
  BOOST_TEST(std::isnan(special::erfinv(1.5)));
  BOOST_TEST(special::ndtri(0) == -kInf);
  BOOST_TEST(special::ndtri(1) == kInf);
  BOOST_TEST(special::digamma(-0.0) == kInf);
  BOOST_TEST(std::isnan(special::digamma(-3)));
  BOOST_TEST(special::zeta(1, 2) == kInf);
  BOOST_TEST(std::isnan(special::zeta(0.5, 2)));
  BOOST_TEST(special::gamma_lower(2, kInf) == 1);
  BOOST_TEST(special::gamma_upper(2, 0) == 1);
}

BOOST_AUTO_TEST_SUITE_END()
