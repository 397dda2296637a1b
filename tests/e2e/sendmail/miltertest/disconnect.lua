-- Connections that break off anywhere leave the filter well, and take nobody's turn.
script(function()
  for depth = 0, 2 do
    local broken = session()
    if depth > 0 then begin(broken, "<broken-" .. depth .. "@example.com>", { "orders@example.com" }) end
    if depth > 1 and not mt.test_option(broken, SMFIP_NOBODY) then step(mt.bodystring, broken, "Hello.\r\n") end
    mt.disconnect(broken, false)
  end
  local conn = session()
  begin(conn, "<whole@example.com>", { "orders@example.com" })
  finish(conn)
  expect(mt.eom_check(conn, MT_RCPTADD, "<ann@example.com>"), "a broken session took ann's turn")
  mt.disconnect(conn)
end)
