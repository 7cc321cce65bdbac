export const organisations = [
  { name: 'County Roads', type: 'county', contact_email: 'roads@county.example', facilities: ['Thika Road depot', 'Kayole yard'] },
  { name: 'Water & Sewerage', type: 'utility', contact_email: 'help@water.example', facilities: ['Ruiru borehole', 'Huruma pump house'] },
  { name: 'Power Company — Nairobi', type: 'utility', contact_email: 'faults@power.example', facilities: ['Mathare substation'] },
  {
    name: 'Mazingira Waste Co-op',
    type: 'coop',
    contact_email: 'taka@mazingira.example',
    facilities: ['Dandora yard', "Lang'ata tip", 'Kibera bins'],
  },
  { name: 'Kibera Youth Forum', type: 'cbo', contact_email: 'forum@kibera.example', facilities: [] },
  { name: 'Ushauri Trust', type: 'ngo', contact_email: 'info@ushauri.example', facilities: ['Kawangware clinic'] },
] as const;

export const people = [
  { name: 'Achieng Odhiambo', email: 'achieng@mail.example' },
  { name: 'Çelik Özgür', email: 'celik@mail.example' },
  { name: 'Wanjikũ Kamau', email: 'wanjiku@mail.example' },
  { name: '', email: null },
  { name: "Mary O'Brien", email: 'mary@mail.example' },
  { name: 'محمد علي', email: 'ali@mail.example' },
  { name: '李小龙 🐉', email: 'li@mail.example' },
  { name: 'anonymous', email: null },
] as const;

export const estates = ['Kibera', 'Mathare', 'Ruiru', 'Dandora', 'Kawangware', 'Embakasi', "Lang'ata"] as const;

export const categories = ['roads', 'water', 'waste', 'power', 'health', 'security'] as const;

export const problems = [
  { title: 'Burst pipe', text: 'Water runs down the road since Monday.\nMaji hakuna kwa siku tatu — tafadhali msaada!' },
  { title: 'Street light out', text: 'Six lights in a row are dark; people walk home along them at night.' },
  { title: 'Blocked drain', text: 'The drain is full of bags and the yard is under water after each rain.' },
  { title: 'Pothole', text: 'A hole of half a metre, "just behind" the bus stop. Two boda bodas fell into it.' },
  { title: 'Rubbish not collected', text: 'Nobody has come for three weeks.\r\nThe heap is as high as the fence.' },
  { title: 'Cable hangs low', text: 'A cable hangs over the path to the school, at the height of a child.' },
  { title: 'Clinic without water', text: '' },
] as const;

export const messages = ['Auto-routed by category', 'Please look at this today', 'Sent on by hand; the first office was wrong'] as const;
