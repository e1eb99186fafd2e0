export { type PeopleStore as AccountsStore, peopleStore as accountsStore } from './people.js';
