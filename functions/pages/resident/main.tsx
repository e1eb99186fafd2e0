import { Gate } from '../kit/gate.js';
import { useWords } from '../kit/preferences.js';
import { start } from '../kit/start.js';
import { Home } from './home.js';
import { roles } from './roles.js';
import { residentWords } from './words.js';

function Page() {
  const words = useWords(residentWords);
  return (
    <Gate title={words.title} roles={roles}>
      {(person) => <Home key={person.personId} who={person} />}
    </Gate>
  );
}

start(<Page />);
