-- The same facts of the ranking by one plain statement: what the job is compared with.
SELECT c.id, c.regime, c.segment, c.is_key, c.legal_state,
       k.first_end, k.contracts, k.amount, l.seats, u.active, e.target, w.waits, d.makers, d.strength, f.checked,
       y.revenue, o.cases, p.approval_bd_override, p.lead_bd_override, t.code, t.ease
FROM accounts_company c
LEFT JOIN (SELECT company_id, MIN(end_date) AS first_end, COUNT(*) AS contracts, SUM(amount) AS amount
           FROM accounts_contract WHERE status IN ('active', 'renewed', 'expired', 'terminated')
           GROUP BY company_id) k ON k.company_id = c.id
LEFT JOIN (SELECT n.company_id, SUM(i.seats) AS seats
           FROM accounts_licenceline i JOIN accounts_contract n ON n.id = i.contract_id
           WHERE i.kind = 'paid' AND n.status = 'active' GROUP BY n.company_id) l ON l.company_id = c.id
LEFT JOIN (SELECT company_id, SUM(active_users_30d) AS active FROM accounts_usagesnapshot
           GROUP BY company_id) u ON u.company_id = c.id
LEFT JOIN (SELECT company_id, SUM(target_seats) AS target FROM accounts_potentialestimate
           GROUP BY company_id) e ON e.company_id = c.id
LEFT JOIN (SELECT company_id, COUNT(*) AS waits FROM accounts_featurewait
           GROUP BY company_id) w ON w.company_id = c.id
LEFT JOIN (SELECT r.company_id, COUNT(DISTINCT r.contact_id) AS makers, MAX(s.level) AS strength
           FROM accounts_contactrole r LEFT JOIN accounts_contactstrength s ON s.contact_id = r.contact_id
           WHERE r.role = 'dm' GROUP BY r.company_id) d ON d.company_id = c.id
LEFT JOIN (SELECT company_id, MAX(checked_at) AS checked FROM accounts_factcheck
           GROUP BY company_id) f ON f.company_id = c.id
LEFT JOIN (SELECT company_id, MAX(revenue) AS revenue FROM accounts_companyyear
           GROUP BY company_id) y ON y.company_id = c.id
LEFT JOIN (SELECT company_id, MAX(cases_12m) AS cases FROM accounts_courtload
           GROUP BY company_id) o ON o.company_id = c.id
LEFT JOIN accounts_procurementprofile p ON p.company_id = c.id
LEFT JOIN accounts_procurementtype t ON t.id = p.default_type_id
WHERE c.archived_at IS NULL
