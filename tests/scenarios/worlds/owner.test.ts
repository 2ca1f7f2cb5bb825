import { tellScenarios } from '../tell-scenarios.ts';

tellScenarios('metrics are kept in the account of the owner');
