include(GNUInstallDirs)
install(TARGETS mailrota-milter mailrota-lmtp mailrota-web mailrota-worker RUNTIME DESTINATION ${CMAKE_INSTALL_SBINDIR})
install(TARGETS mailrota RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
