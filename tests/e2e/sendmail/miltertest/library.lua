-- What the scripts of this folder share. `socket` comes from the command line.

-- A call that fails raises an error, or returns a text.
function step(call, ...)
  local problem = call(...)
  if problem ~= nil then error(tostring(problem)) end
end

function expect(condition, what)
  if not condition then error(what) end
end

-- miltertest says nothing of an error that ends a script.
function script(body)
  local fine, problem = pcall(body)
  if fine then return end
  mt.echo(tostring(problem))
  error(problem)
end

-- A session with a filter that is offered every step and every edit but SMFIF_ADDRCPT_PAR, which miltertest
-- does not count as an addition. It takes the steps before the edits, whatever its manual says.
function session()
  local conn = mt.connect(socket)
  expect(conn ~= nil, "no connection")
  step(mt.negotiate, conn, 6, 0x1fffff, 0x17f)
  if not mt.test_option(conn, SMFIP_NOCONNECT) then step(mt.conninfo, conn, "client.example.com", "192.0.2.1") end
  if not mt.test_option(conn, SMFIP_NOHELO) then step(mt.helo, conn, "client.example.com") end
  return conn
end

-- A mail to these recipients up to its headers.
function begin(conn, id, recipients)
  step(mt.macro, conn, SMFIC_MAIL, "i", "QUEUEID")
  step(mt.mailfrom, conn, "<sender@example.com>")
  for _, recipient in ipairs(recipients) do step(mt.rcptto, conn, "<" .. recipient .. ">") end
  step(mt.header, conn, "From", "sender@example.com")
  step(mt.header, conn, "Date", "Mon, 02 Mar 2026 09:00:00 +0000")
  step(mt.header, conn, "Message-ID", id)
end

-- The rest of the mail, which is to go on.
function finish(conn)
  if not mt.test_option(conn, SMFIP_NOEOH) then step(mt.eoh, conn) end
  if not mt.test_option(conn, SMFIP_NOBODY) then step(mt.bodystring, conn, "Hello.\r\n") end
  step(mt.eom, conn)
  expect(mt.getreply(conn) == SMFIR_CONTINUE, "the verdict is " .. mt.getreply(conn))
end
