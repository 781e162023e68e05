"""What labels documents put beside their values, per field: English, German, French, Spanish, Italian, Dutch.

Phrases are compared folded: without case, accents, spaces and signs ("Rechnungs-Nr." and "Rechnungs Nr" are one).
"""

from __future__ import annotations

# Phrases that name the field beyond doubt.
STRONG = {
    "number": """invoice number|invoice no|invoice nr|invoice id|inv no|inv nr|tax invoice no|tax invoice number|
        bill no|bill number|receipt no|receipt number|doc no|document no|document number|credit note no|
        credit note number|cash bill no|Rechnungsnummer|Rechnungs-Nr|Rechnung Nr|Rechnung #|
        Rechnung des Versicherers Nr|Rechnung Nummer|Rechn-Nr|Rg-Nr|Re-Nr|RechnungsNo|Belegnummer|Beleg-Nr|Bon-Nr|
        Gutschriftnummer|Gutschrifts-Nr|Gutschrift Nr|Handelsrechnung Nr|Rechnungskorrektur Nr|Dokumentnummer|
        Vorgangsnummer|Korrekturrechnung Nr|numéro de facture|numéro de la facture|numero facture|n° de facture|
        n° facture|facture n°|facture numéro|n° d'avoir|avoir n°|número de factura|nº factura|nº de factura|
        factura nº|numero fattura|fattura n|fattura nr|n fattura|factuurnummer|factuur nr""",
    "issuedAt": """invoice date|date of invoice|issue date|date of issue|issued on|issued at|bill date|billing date|
        receipt date|document date|tax point|invoiced on|date issued|Rechnungsdatum|Belegdatum|Ausstellungsdatum|
        Rechnung vom|Rechnungsdat|Gutschriftsdatum|date de facture|date de la facture|date facture|date d'émission|
        date de facturation|facture du|fecha de factura|fecha factura|fecha de emisión|data fattura|data di emissione|
        data documento|factuurdatum""",
    "dueAt": """due date|payment due date|payment due|payment due by|pay by|please pay by|payable by|due on|due by|
        date due|payment deadline|please remit until|please remit by|Fälligkeit|Fälligkeitsdatum|fällig am|Fällig|
        fällig bis|zahlbar bis|zahlbar bis zum|zahlbar am|Zahlungsziel|Zahlung bis|bitte überweisen Sie bis zum|
        bitte überweisen Sie bis|überweisen Sie bis zum|Zahlungsfrist|Termin der Zahlung|date d'échéance|échéance|
        date échéance|à payer avant le|date limite de paiement|payable le|règlement avant le|à payer avant|
        règlement avant|date limite de règlement|fecha de vencimiento|vencimiento|data di scadenza|data scadenza|
        scadenza|vervaldatum|te betalen voor""",
    "deliveredAt": """delivery date|date of delivery|date of supply|supply date|service date|delivered on|ship date|
        shipping date|Lieferdatum|Leistungsdatum|Liefer-/Leistungsdatum|Liefer- und Leistungsdatum|Leistungszeitpunkt|
        Lieferzeitpunkt|Tag der Leistung|Tag der Lieferung|Liefertermin|date de livraison|livré le|date de prestation|
        fecha de entrega|data consegna|data di consegna|leverdatum|leveringsdatum""",
    # Days that nobody asks for, and that are none of the others.
    "otherDate": """order date|date of order|ordered on|print date|printed on|date printed|statement date|expiry date|
        valid until|Bestelldatum|Auftragsdatum|Druckdatum|gültig bis|date de commande|date de la commande|
        date d'impression|imprimé le|fecha de pedido|fecha pedido|fecha de impresión|data ordine|data stampa|
        stampato il|besteldatum|orderdatum|afdrukdatum|printdatum""",
    "customerNumber": """customer no|customer number|customer id|customer|client no|client number|client id|
        account no|account number|customer ref|customer code|Kundennummer|Kunden-Nr|Kd-Nr|Ihre Kundennummer|
        Debitorennummer|Debitor Nr|Ihre Nummer|numéro client|n° client|numéro de client|code client|réf client|
        número de cliente|nº cliente|codice cliente|klantnummer|klantnr|debiteurnummer|Debitor|debiteur|customer a/c|
        account ref""",
    "purchaseOrderNumber": """purchase order|purchase order no|purchase order number|po number|po no|po|order number|
        order no|order id|your order|your order no|customer po|customer order|your po|sales order no|Bestellnummer|
        Bestell-Nr|Ihre Bestellnummer|Ihre Bestellung|Ihre Bestell-Nr|Bestellung|Bestellung Nr|Bestellung Nr Kunde|
        Ihre Auftragsnummer|Bestellzeichen|gemäß Bestellung Nr|gemäß Bestellung|Auftragsnummer|Auftrags-Nr|
        numéro de commande|n° de commande|n° commande|commande n°|bon de commande|n° bc|bc|votre commande|
        votre référence|número de pedido|nº pedido|pedido|su pedido|numero ordine|ordine n|ordine|bestelnummer|
        ordernummer|inkoopnummer""",
    "deliveryNoteNumber": """delivery note|delivery note no|delivery note number|packing slip|packing slip no|
        dispatch note|dn no|Lieferschein|Lieferschein-Nr|Lieferscheinnummer|LS-Nr|bon de livraison|
        n° bon de livraison|bl n°|albarán|nº albarán|ddt|ddt n|pakbon|pakbonnummer""",
    "vatId": """vat id|vat no|vat number|vat reg no|vat registration no|vat registration number|vat registration|
        vat reg|vat id no|USt-IdNr|USt-ID|USt-Identnr|Umsatzsteuer-ID|Umsatzsteuer-Identifikationsnummer|
        Umsatzsteuer-Ident-Nr|UID|UID-Nr|ATU-Nr|MWST-Nr|n° tva|numéro de tva|tva intracommunautaire|tva intra|
        n° tva intracommunautaire|n° tva intracom|tva|id tva|nif|cif|nif/cif|partita iva|p.iva|btw-nummer|btw nr|btw|
        btw-id""",
    "recipientVatId": """your vat no|your vat id|your vat number|customer vat|customer vat no|customer vat id|
        vat customer|client vat|buyer vat|buyer vat no|vat no customer|Ihre UID|Ihre UID-Nr|UID Kunde|Ihre USt-IdNr|
        Ihre USt-ID|Ihre USt-Identnr|USt-IdNr Kunde|Ihre Umsatzsteuer-ID|n° tva client|numéro tva du client|
        tva client|votre n° tva|nif cliente|cif cliente|cif del cliente|nif del cliente|p.iva cliente|
        partita iva cliente|uw btw-nummer|uw btw nr|btw nr klant|btw nr afnemer|btw klant""",
    "taxId": """tax no|tax id|tax number|tax id no|tax registration no|ein|tin|gst no|gst reg no|gst id|gst id no|
        gstin|gst reg|gst registration no|company tax no|abn|Steuernummer|Steuer-Nr|St-Nr|siret|siren|codice fiscale|
        c.f""",
    "reference": """payment reference|payment ref|remittance reference|Verwendungszweck|Zahlungsreferenz|
        Kassenzeichen|Referenz (bitte bei Zahlung angeben)|référence de paiement|référence à rappeler|communication|
        communication structurée|referencia de pago|causale|betalingskenmerk""",
    "bic": "bic|swift|bic/swift|swift/bic|swift code|bic code",
    "currency": "currency|invoice currency|Währung|Rechnungswährung|devise|moneda|valuta|Beträge in|amounts in",
    "terms": """payment terms|terms of payment|payment conditions|terms|Zahlungsbedingungen|Zahlungsbedingung|
        Zahlungskonditionen|Zahlungsweise|conditions de paiement|conditions de règlement|mode de règlement|
        condiciones de pago|forma de pago|condizioni di pagamento|pagamento|betalingsvoorwaarden|betalingsconditie""",
}

# What is numbered, by the field its number is; number words before or behind make the label ("Kunden-Nr", "n° client").
NUMBERED = {
    "number": """invoice|tax invoice|sales invoice|inv|bill|receipt|document|doc|credit note|credit memo|cash bill|
        slip|voucher|Rechnung|Rechnungs|Rechn|Beleg|Bon|Kassenbon|Gutschrift|Gutschrifts|Dokument|Dokumenten|Faktura|
        Quittung|Quittungs|facture|fact|avoir|ticket|pièce|factura|fra|documento|abono|recibo|fattura|scontrino|
        ricevuta|nota di credito|nota de crédito|factuur|creditnota|creditfactuur|kassabon""",
    "customerNumber": """customer|cust|client|debtor|Kunden|Kunde|Debitor|Debitoren|compte client|cliente|klant|
        klanten|debiteur|debiteuren|relatie""",
    "purchaseOrderNumber": """purchase order|order|your order|customer order|your po|Bestell|Bestellung|Bestellungs|
        Ihre Bestellung|Auftrag|Auftrags|commande|votre commande|bon de commande|cde|pedido|su pedido|s/pedido|
        orden de compra|ordine|vostro ordine|vs ordine|ordine d'acquisto|bestelling|uw bestelling|bestel|bestelbon|
        inkooporder|uw order""",
    "deliveryNoteNumber": """delivery note|delivery order|delivery|despatch|dispatch|despatch note|dispatch note|
        packing list|packing slip|Lieferschein|Lief-Schein|bon de livraison|bordereau de livraison|albarán|ddt|bolla|
        documento di trasporto|pakbon|leverbon|leveringsbon""",
    "vatId": "vat|vat reg|vat registration|USt|USt-Id|MwSt|UID|tva|iva|partita iva|btw",
    "taxId": "tax|tax reg|tax registration|gst|gst reg|Steuer|St|company reg tax",
}
NUMBER_WORDS = {
    "before": """no|nr|num|numéro|numero|número|numéro de|numero de|número de|n° de|nº de|n° du|code|cod|codice|réf|
        ref|id""",
    "behind": "no|nr|num|number|nummer|numero|número|n°|id|code|#",
}

# Words for a number that make one word with what is numbered: Kundennummer.
COMPOUNDED = (" nummer", " nr")

# Phrases that name it only where nothing better is found.
WEAK = {
    "number": """invoice|tax invoice|Rechnung|Handelsrechnung|Gutschrift|Rechnungskorrektur|Warenrechnung|
        Schlussrechnung|Teilrechnung|Abschlagsrechnung|credit note|facture|avoir|factura|fattura|factuur|bill|receipt|
        number|no|Nr|Nummer""",
    "issuedAt": "date|dated|Datum|vom|von|den|issued|fecha|data|le|du",
    "dueAt": "due|bis zum|bis|terms|until|by|before|prélèvement le",
    "purchaseOrderNumber": """order|your reference|your ref|customer reference|Ihr Zeichen|Auftrag|Auftrag Nr|
        commande|source|origine""",
    "deliveredAt": "delivery|supply|Lieferung am|Leistung|Lieferung vom|livraison|expédition",
    "reference": "reference|ref|Referenz|kenmerk|our reference",
    "taxId": "registration no|reg no|company no",
    "customerNumber": "account|acct|client|Kunde Nr|customer account",
}

# Labels of amounts, from the sum of the lines to what is left to pay.
AMOUNTS = {
    "net": """net|net total|total net|net amount|net value|subtotal|total excl vat|total ex vat|total excluding vat|
        total excl tax|total excluding tax|total before tax|amount excl vat|taxable amount|untaxed amount|
        total amount excl|net invoice total|total net amount|total excl gst|Netto|Nettobetrag|Gesamt netto|
        Summe netto|Nettosumme|Netto gesamt|Zwischensumme|Gesamtbetrag netto|Warenwert|Nettowert|Rechnungssumme netto|
        Rechnungssumme ohne USt|Summe ohne MwSt|Betrag netto|Rechnungsbetrag netto|Gesamtsumme netto|
        Nettogesamtbetrag|Summe Nettobeträge|Nettoumsatz|Total netto|total ht|montant ht|total hors taxe|
        total hors taxes|montant total net|total net ht|montant hors taxe|sous-total|base ht|base imponible|
        total imponible|imponibile|totale imponibile|totale netto|subtotaal|totaal excl btw|totaal exclusief btw|
        bedrag excl btw""",
    "tax": """tax|taxes|vat|gst|sales tax|total tax|total taxes|tax total|vat total|total vat|tax amount|vat amount|
        plus vat|total gst|USt|MwSt|Umsatzsteuer|Mehrwertsteuer|zzgl USt|zuzügl USt|zuzügl MwSt|zuzügl Umsatzsteuer|
        zzgl MwSt|zzgl Umsatzsteuer|zzgl Mehrwertsteuer|zuzüglich USt|zuzüglich Umsatzsteuer|zuzüglich MwSt|
        zuzüglich Mehrwertsteuer|Steuerbetrag|USt-Betrag|MwSt-Betrag|USt gesamt|MwSt gesamt|Summe USt|Summe MwSt|
        Summe Umsatzsteuer|Gesamt USt|Steuer|Steuern gesamt|Steuersumme|Steuerbetrag in EUR|Umsatzssteuer|inkl MwSt|
        enthaltene MwSt|gesetzliche MwSt|davon MwSt|tva|total tva|montant tva|taxe sur la valeur ajoutée|taxe|
        total taxe|montant de la tva|dont tva|iva|cuota iva|importe iva|total iva|imposta|totale iva|totale imposta|
        btw|btw-bedrag|totaal btw""",
    "gross": """total|grand total|total amount|amount total|invoice total|total incl vat|total inc vat|
        total including vat|total incl tax|total including tax|gross|gross total|gross amount|total gross|
        invoice amount|total amount incl vat|total inclusive gst|total incl gst|total sales incl gst|
        total sales inclusive of gst|nett total|net total incl|total rounded|rounded total|total inclusive of gst|
        total amt incl gst|total payable|total sales|total rm|total after rounding|amount to be paid|
        total amount payable|nett|grand total rm|total sales inclusive gst|total amount (rm)|total inclusive|
        total invoice value|Gesamt|Gesamtbetrag|Gesamtsumme|Rechnungsbetrag|Rechnungssumme|Endbetrag|Endsumme|Summe|
        Bruttobetrag|Brutto|Bruttosumme|Summe brutto|Gesamt brutto|Gesamtbetrag brutto|Rechnungssumme brutto|
        Total brutto|Gesamtbetrag inkl MwSt|Summe inkl USt|Summe inkl MwSt|Gesamt inkl MwSt|Rechnungsendbetrag|
        Gesamtpreis|Rechnungsbetrag brutto|Bruttogesamtbetrag|Gesamtbetrag in EUR|Rechnungsgesamtbetrag|
        Gesamtforderung|total ttc|montant ttc|total toutes taxes comprises|montant total brut|total à payer ttc|
        montant total|prix total ttc|total factura|importe total|total general|totale|totale fattura|totale documento|
        totale lordo|totaal|totaalbedrag|totaal incl btw|totaal inclusief btw|factuurbedrag""",
    "due": """amount due|balance due|total due|due payable|payable|amount payable|balance|please pay|to pay|
        outstanding|amount to pay|Zahlbetrag|zu zahlen|zu zahlender Betrag|offener Betrag|fälliger Betrag|Restbetrag|
        noch zu zahlen|Forderung|Zu bezahlen|verbleibender Betrag|zu überweisender Betrag|Überweisungsbetrag|
        Auszahlungsbetrag|net à payer|reste à payer|solde à payer|montant dû|à payer|solde|montant à payer|
        total à payer|solde dû|residual|importe a pagar|total a pagar|da pagare|netto a pagare|te betalen|te voldoen|
        openstaand bedrag""",
    "paid": """paid|amount paid|total paid|deposit|prepaid|already paid|less deposit|payments received|
        advance payment|cash|change|tendered|cash tendered|tender|visa|mastercard|card|change due|balance change|
        Anzahlung|Anzahlungen|erhaltene Anzahlungen|bereits bezahlt|bereits gezahlt|Abschlagszahlung|
        abzüglich Anzahlung|gegeben|bar|Rückgeld|Wechselgeld|Vorauszahlung|geleistete Zahlungen|acompte|acompte versé|
        déjà payé|déjà réglé|espèces|rendu|anticipo|acconto|reeds betaald|aanbetaling""",
    "rounding": """rounding|rounding adj|rounding adjustment|round adj|rounding adjustement|bill rounding|Rundung|
        arrondi|afronding""",
    "other": """discount|total discount|service charge|total qty|total items|item count|total quantity|total saving|
        total savings|you saved|Rabatt|Skonto|Versand|Versandkosten|Zuschläge|Abschläge|Gesamtbetrag der Zuschläge|
        Gesamtbetrag der Abschläge|Positionssumme|Summe der Positionen|Übertrag|shipping|freight|remise|frais de port|
        escompte|descuento|sconto|spese|korting|verzendkosten|taxable|tax base|Stammkapital|Steuerbasisbetrag|capital|
        au capital de|page total|carried forward""",
}

# Headings of a block that says whose address follows.
ROLES = {
    "recipient": """information client|informations client|bill to|billed to|invoice to|sold to|customer|buyer|client|
        to|attention|attn|bill to address|billing address|invoice address|customer name|Rechnungsempfänger|
        Rechnung an|Rechnungsadresse|Rechnungsanschrift|Käufer|Käufer/Leistungsempfänger|Leistungsempfänger|Kunde|
        Empfänger|Auftraggeber|Versicherungsnehmer|An|facturé à|facturer à|adresse de facturation|destinataire|
        facturar a|cliente|datos del cliente|destinatario|intestatario|spett.le|spettabile|factuuradres|klant|aan|
        billed customer|invoice recipient|debtor|consignee|Debitor|Besteller|Auftraggeberin|à l'attention de|acheteur|
        débiteur|cliente final|a la atención de|comprador|facturado a|cessionario|committente|acquirente|fatturare a|
        alla cortese attenzione|factuur aan|afnemer|factuurontvanger|ter attentie van|koper|geadresseerde|
        opdrachtgever""",
    "sender": """from|seller|supplier|vendor|sold by|issued by|biller|remit to|Verkäufer|Lieferant|Rechnungssteller|
        Rechnungsersteller|Aussteller|Absender|Leistungserbringer|Zahlungsempfänger|vendeur|fournisseur|émetteur|
        émis par|vendedor|emisor|proveedor|fornitore|cedente|leverancier|afzender|verkoper|bill from|invoice from|
        payee|service provider|merchant|Auftragnehmer|Dienstleister|Lieferfirma|prestataire|expéditeur|
        société émettrice|créancier|prestador|remitente|facturado por|prestatore|cedente/prestatore|mittente|
        emesso da|opdrachtnemer|factuur van|dienstverlener""",
    "delivery": """ship to|deliver to|delivery address|shipping address|shipped to|ship to address|Lieferadresse|
        Lieferanschrift|Warenempfänger|Versandadresse|Lieferung an|abweichender Warenempfänger|adresse de livraison|
        livré à|adresse d'expédition|dirección de entrega|enviar a|luogo di consegna|destinazione merce|afleveradres|
        bezorgadres|verzendadres""",
}  # fmt: skip

# Headings of the columns of a table of line items.
COLUMNS = {
    "position": "pos|position|item|line|no|nr|sr no|s no|sl no|lfd nr|zeile|lig|ligne|riga|regel|art|item no",
    "articleNumber": """article no|article number|article|art no|art nr|item number|item code|code|sku|product code|
        part no|part number|product no|product id|material|material no|stock code|Artikelnummer|Artikel-Nr|
        Art Nr Lieferant|Bestellnr|Best-Nr|Materialnr|Sachnummer|Unsere Art Nr|Art-Nr-Lief|référence|réf|réf article|
        code article|referencia|codice|cod|codice articolo|artikelcode|art code|prod code|item ref|part|catalogue no|
        Produktnr|Produktnummer|Bestellnummer|code produit|code art|référence article|cod articolo|cod prodotto|
        cód artículo|ref artículo|productnummer|artículo|articolo""",
    "name": """description|item description|product|product name|service|details|particulars|goods|activity|services|
        product description|description of goods|items|item name|description of services|Bezeichnung|Beschreibung|
        Artikelbezeichnung|Artikelbeschreibung|Produkt|Leistung|Artikel|Text|Leistungsbeschreibung|Artikel/Leistung|
        Position/Beschreibung|Produktbezeichnung|Warenbezeichnung|désignation|libellé|produit|prestation|descripción|
        concepto|detalle|descrizione|prodotto|omschrijving|beschrijving|naam|artikelomschrijving|détail|servicio|
        servizio|dienst|denominación|denominazione|product details|item details|details of service|work performed|
        line description|Ware|Gegenstand|Tätigkeit|Leistungsbezeichnung|Produktname|nature|intitulé|
        désignation des produits|descripción del artículo|producto|producto/servicio|descripción del servicio|
        descrizione articolo|beni/servizi|dienst/product|product omschrijving""",
    "qty": """qty|quantity|hours|units|pcs|amount qty|no of units|qty shipped|shipped|Menge|Anzahl|Anz|Stückzahl|
        Stunden|Mge|quantité|qté|cantidad|cant|unidades|quantità|q.tà|aantal|aant|mg|cdad|nombre|nbre|nb|hours/qty|
        qty/hours|hrs|uds|qty ordered|qty delivered|quantity shipped|delivered|no of|volume|billed|Liefermenge|
        gelief Menge|geliefert|Std|qté livrée|quantités|livré|cantidades|und|geleverd|hoeveelheid|uren|pezzi|
        nr pezzi""",
    "unit": """unit|uom|u/m|unit of measure|Einheit|ME|Meng einheit|Mengeneinheit|Einh|EH|unité|u|unidad|ud|eenheid""",
    "unitPrice": """unit price|price|rate|price each|unit cost|price/unit|net price|prix uni|each|u price|
        unit price (rm)|unit rate|Einzelpreis|E-Preis|EP|Preis|Preis/Einheit|Stückpreis|Nettopreis|Einzelpr|
        Preis netto|Einzelpreis netto|Preis je Einheit|Einzelpreis EUR|Einzel|prix unitaire|prix unitaire ht|pu|pu ht|
        prix|precio|precio unitario|precio unidad|p unitario|prezzo|prezzo unitario|prijs|stukprijs|eenheidsprijs|
        prijs per stuk|unit amount|unit value|cost|price per unit|price ea|list price|rate per hour|hourly rate|
        Stk-Preis|Einheitspreis|Preis/Stk|Preis pro Einheit|Stundensatz|Einzelbetrag|prix unit|prix u|px unit|tarif|
        tarif unitaire|precio ud|precio un|p.unit|costo unitario|prezzo un|prezzo unit|prijs/stuk|tarief|eenh prijs|
        per stuk""",
    "discount": """discount|remise|korting|sconto|desc|dto|Nachlass|disc|Rabatt|Rab|rem|descuento|Zu-/Abschlag""",
    "taxRate": """vat|vat rate|tax|tax rate|gst|USt|MwSt|USt-Satz|MwSt-Satz|Steuersatz|Steuer|tva|taux tva|taxe|taxes|
        iva|aliquota|btw|btw-tarief|tipo iva|tipo de iva|tipo impositivo|cod iva|taux de tva|tva taux|tasa iva|
        impuesto|aliq|aliq iva|tax code|vat code|code tva|MwSt-Code|Steuercode|btw code|codice iva""",
    "net": """amount|total|net|net amount|line total|total price|ext price|extended price|total net|price total|value|
        net value|amount (rm)|sub total|total amount|total (rm)|net total|line amount|extension|Betrag|Gesamt|
        Gesamtpreis|Summe|Gesamtbetrag|Nettobetrag|Nettowert|Positionsbetrag|Entgelt|G-Preis|GP|Betrag EUR|Netto|
        Gesamt EUR|Gesamtpreis EUR|Gesamtpreis netto|Betrag netto|Gesamt netto|Summe netto|Wert|Warenwert|montant|
        montant ht|total ht|prix total|prix ht|prix total ht|montant total|importe|total linea|importo|totale|bedrag|
        totaal|totaal excl|regeltotaal|regelbedrag|montant net|montant net ht|total ligne|importe total|
        importo totale|Zeilensumme|Positionssumme|ext amount|ext|extended amount|extended|item total|row total|
        line value|sum|charges|Zeilenbetrag|Gesamtwert|Positionswert|Ges-Preis|Gesamtbetrag netto|montant de la ligne|
        total de la ligne|importe neto|subtotal línea|total neto|imp|importo riga|totale riga|tot riga|netto bedrag|
        bedrag netto|regelbedrag netto|totaalprijs|totaal bedrag""",
}

# Headings that end the line items.
TABLE_ENDS = """Umsatzsteueraufschlüsselung|Steueraufschlüsselung|Belegsummen|Zahlungsbedingungen|Zu- und Abschläge|
    Zahlungsinformationen|Bankverbindung|Zahlungsart|Hinweise|tax breakdown|vat breakdown|vat summary|vat analysis|
    tax summary|gst summary|payment terms|payment details|bank details|notes|remarks|conditions de paiement|
    récapitulatif tva|détail tva|détail de la tva|resumen iva|riepilogo iva|btw-specificatie"""

# Titles that tell the type of a document.
TYPES = {
    "invoice": """invoice|tax invoice|commercial invoice|Rechnung|Handelsrechnung|Warenrechnung|Schlussrechnung|
        Teilrechnung|Abschlagsrechnung|Kostenrechnung|facture|factura|fattura|factuur|bill|Honorarrechnung|
        proforma invoice|sales invoice|service invoice|invoice/receipt|final invoice|interim invoice|advance invoice|
        Rechnung/Lieferschein|Sammelrechnung|Beitragsrechnung|facture de vente|facture d'acompte|facture finale|
        facture proforma|factura de venta|factura ordinaria|factura simplificada|factura proforma|fattura di vendita|
        fattura accompagnatoria|parcella|verkoopfactuur|deelfactuur|eindfactuur|rekening|nota""",
    "creditNote": """credit note|credit memo|Gutschrift|Rechnungskorrektur|Stornorechnung|Korrekturrechnung|avoir|
        facture d'avoir|nota de crédito|factura rectificativa|nota di credito|creditnota|creditfactuur|credit invoice|
        refund|cancellation invoice|corrective invoice|Gutschriftsanzeige|Rechnungsgutschrift|Storno|note de crédit|
        facture rectificative|factura de abono|abono|nota de abono|nota di accredito|nota accredito|
        nota di variazione|creditfacturen|kredietnota""",
    "receipt": """receipt|official receipt|sales receipt|cash receipt|cash bill|cash sale|cash sales|Quittung|
        Kassenbon|Kassenbeleg|Bon|Kassenzettel|reçu|ticket de caisse|ticket|recibo|scontrino|ricevuta|kassabon|
        bonnetje|till receipt|guest check|Kassenquittung|Verkaufsbeleg|note|ticket de vente|tique|scontrino fiscale|
        documento commerciale|kassaticket|kwitantie""",
    "purchaseOrder": """purchase order|Bestellung|Auftrag|order|bon de commande|commande|pedido|orden de compra|
        ordine|bestelling|inkooporder|work order|standing order|Bestellschein|Lieferantenbestellung|ordre d'achat|
        pedido de compra|orden|ordine d'acquisto|ordine di acquisto|buono d'ordine|opdracht|bestelbon|aankooporder""",
    "deliveryNote": """delivery note|delivery order|packing slip|Lieferschein|bon de livraison|albarán|
        documento di trasporto|pakbon|despatch note|dispatch note|consignment note|goods received note|Lieferbeleg|
        Warenbegleitschein|bordereau de livraison|nota de entrega|guía de remisión|bolla di consegna|ddt|leveringsbon|
        vrachtbrief|leverbon|afleverbon""",
    "other": """reminder|second reminder|final reminder|payment reminder|dunning letter|statement|
        statement of account|account statement|quotation|quote|offer|estimate|order confirmation|price list|Mahnung|
        Zahlungserinnerung|Kontoauszug|Angebot|Kostenvoranschlag|Auftragsbestätigung|Vertrag|Preisliste|relevé|
        relevé de compte|rappel|mise en demeure|devis|offre|confirmation de commande|contrat|extracto|recordatorio|
        presupuesto|oferta|confirmación de pedido|contrato|estratto conto|sollecito|preventivo|offerta|
        conferma d'ordine|contratto|aanmaning|herinnering|offerte|orderbevestiging|rekeningoverzicht|overeenkomst""",
}  # fmt: skip
