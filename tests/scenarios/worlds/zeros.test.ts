import { tellScenarios } from '../tell-scenarios.ts';

tellScenarios('idle minutes are published as zeros');
