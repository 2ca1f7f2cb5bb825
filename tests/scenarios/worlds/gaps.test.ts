import { tellScenarios } from '../tell-scenarios.ts';

tellScenarios('idle minutes leave gaps');
