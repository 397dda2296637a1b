# Every library that the project stands on, by its Debian 12 package; doc/adr/0002 says what each is for.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED)                       # libssl-dev
find_package(Boost 1.81 REQUIRED COMPONENTS json)    # libboost1.81-dev, libboost-json1.81-dev
find_package(CURL REQUIRED)                          # libcurl4-openssl-dev
find_package(fmt REQUIRED)                           # libfmt-dev
find_package(spdlog REQUIRED)                        # libspdlog-dev
find_package(tomlplusplus REQUIRED)                  # libtomlplusplus-dev
find_package(CLI11 REQUIRED)                         # libcli11-dev
find_package(prometheus-cpp REQUIRED)                # prometheus-cpp-dev
find_package(date REQUIRED)                          # libhowardhinnant-date-dev
pkg_check_modules(PCRE2 REQUIRED IMPORTED_TARGET libpcre2-8)      # libpcre2-dev
pkg_check_modules(HYPERSCAN REQUIRED IMPORTED_TARGET libhs)        # libhyperscan-dev, libvectorscan-dev
pkg_check_modules(GMIME REQUIRED IMPORTED_TARGET gmime-3.0)       # libgmime-3.0-dev
pkg_check_modules(LIBXML2 REQUIRED IMPORTED_TARGET libxml-2.0)    # libxml2-dev
pkg_check_modules(SQLITE3 REQUIRED IMPORTED_TARGET sqlite3)       # libsqlite3-dev
pkg_check_modules(LIBPQ REQUIRED IMPORTED_TARGET libpq)           # libpq-dev
pkg_check_modules(MILTER REQUIRED IMPORTED_TARGET milter)         # libmilter-dev
pkg_check_modules(SYSTEMD REQUIRED IMPORTED_TARGET libsystemd)    # libsystemd-dev
if(MAILROTA_TESTS)
  find_package(GTest REQUIRED)                       # libgtest-dev, libgmock-dev
endif()
